import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Layers
import StyleEngine
import StyleModels
import SystemPackage

/// `pastiche calibrate -m STYLE DIR -o FILE`
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Store batch statistics of pictures in a style.",
    discussion: """
      All pictures are taken as one live batch: `--norm batch` of the result \
      gives what `--norm batch-live` of all of them together gives.
      """)

  @OptionGroup var style: StyleOptions

  @OptionGroup var inputs: PictureArguments

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("The style to write.", valueName: "file"))
  var output: PathArgument

  @Option(
    help: ArgumentHelp("Shrink pictures to this longest side, in pixels, first.", valueName: "n"))
  var maxSide = 256

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions

  @Flag(help: "Replace the output if it is there already.")
  var overwrite = false

  func validate() throws {
    try output.requireStyleFile()
    guard maxSide > 0 else {
      throw ValidationError("--max-side must be at least 1, not \(maxSide)")
    }
  }

  func run() throws {
    let found = try inputs.pictures()
    let style = try style.choice(memory)
    try OutputFiles(output: output.path)
      .refuse(amongst: found.map(\.path) + style.inputs, replacing: overwrite)
    let model = style.model
    let progress = ExecutionProgress()
    Interrupts.onFirst(progress.cancel)
    do {
      let calibration = Calibration(
        network: try StyleNetwork(model), workers: threads.count, memory: memory.byteCount,
        scratch: memory.directory)
      for picture in found {
        if progress.isCancelled { throw StyleNetworkError.cancelled }
        do throws(ItemError) {
          if let error = picture.error { throw error }
          try ItemError.reading { () throws(ImageFileError) in
            try calibration.add(picture.path, maximumSide: maxSide)
          }
        } catch {
          StandardError.writeLine("\(printable(picture.path)): failed: \(error.message)")
        }
      }
      guard calibration.count > 0 else { throw Refusal("no pictures to calibrate with") }
      try calibration.calibrated(model, progress: progress).write(to: output, replacing: overwrite)
      StandardError.writeLine(
        "\(printable(output.path)): statistics of \(counted(calibration.count, "picture"))")
      if calibration.count < found.count { throw ExitStatus.someFailed }
    } catch let error as StyleNetworkError where error != .cancelled {
      throw Refusal(error)
    } catch StyleNetworkError.cancelled {
      throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
    }
  }
}
