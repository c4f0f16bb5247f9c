import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Layers
import Sheets
import StyleEngine
import SystemFiles
import SystemPackage

/// `pastiche experiment NAME IMAGE... -m STYLE`
struct Experiment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show by measurement what the norms do.",
    discussion: """
      contrast: what the first picture's contrast does to its painting under each norm.
      company: what the other pictures of a batch do to the first one's painting.
      groups: group norm between layer norm (1) and instance norm (channels).
      batches: how far small batches' live statistics stray from those stored in the style.
      affine: gamma and beta can undo the norm.
      """)

  enum Name: String, CaseIterable, ExpressibleByArgument {
    case contrast, company, groups, batches, affine

    var type: any Laboratory.Experiment.Type {
      switch self {
      case .contrast: ContrastExperiment.self
      case .company: CompanyExperiment.self
      case .groups: GroupExperiment.self
      case .batches: BatchSizeExperiment.self
      case .affine: AffineExperiment.self
      }
    }
  }

  @Argument(help: "The fact to show.")
  var name: Name

  @OptionGroup var inputs: PictureArguments

  @OptionGroup var style: StyleOptions

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("Draw the result too: a PNG or JPEG file.", valueName: "figure"))
  var output: PathArgument?

  @Option(
    help: ArgumentHelp("Shrink pictures to this longest side, in pixels, first.", valueName: "n"))
  var maxSide = 512

  @OptionGroup var quality: QualityOptions

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions

  @Flag(help: "Replace the figure if it is there already.")
  var overwrite = false

  func validate() throws {
    guard maxSide > 0 else {
      throw ValidationError("--max-side must be at least 1, not \(maxSide)")
    }
    _ = try output?.requirePictureFile()
  }

  func run() throws {
    let found = try inputs.pictures()
    let style = try style.choice(memory)
    if let idle = quality.idle(for: output?.pictureFormat) { StandardError.writeLine(idle) }
    try OutputFiles(output: output?.path)
      .refuse(amongst: found.map(\.path) + style.inputs, replacing: overwrite)
    let model = style.model
    do {
      let bench = Workbench(
        network: try StyleNetwork(model), workers: threads.count, memory: memory.byteCount,
        scratch: memory.directory)
      Interrupts.onFirst(bench.progress.cancel)
      let failures = add(found, to: bench)
      if bench.progress.isCancelled { throw StyleNetworkError.cancelled }
      let needed = name.type.leastPictures
      guard bench.photographs.count >= needed else {
        throw ExperimentError.tooFewPictures(found: bench.photographs.count, needed: needed)
      }
      let experiment = try name.type.init(on: bench)
      for note in experiment.notes { StandardError.writeLine(printable(note.message)) }
      try StandardOutput.writeLine(experiment.table.text)
      StandardError.writeLine(experiment.explanation)
      try output?.write(
        experiment.figure(), options: quality.encoding, replacing: overwrite)
      if failures > 0 { throw ExitStatus.someFailed }
    } catch StyleNetworkError.cancelled {
      throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
    } catch let status as ExitStatus {
      throw status
    } catch {
      throw Refusal(error)
    }
  }

  /// - Returns: The number of those that could not be added; that is said.
  private func add(_ found: [PictureWalk.Found], to bench: Workbench) -> Int {
    var failures = 0
    let names = DistinctNames(found.map(\.path))
    for picture in found where !bench.progress.isCancelled {
      do throws(ItemError) {
        if let error = picture.error { throw error }
        try ItemError.reading { () throws(ImageFileError) in
          try bench.add(
            picture.path, name: names.name(of: picture.path), maximumSide: maxSide)
        }
      } catch {
        StandardError.writeLine("\(printable(picture.path)): failed: \(error.message)")
        failures += 1
      }
    }
    return failures
  }
}
