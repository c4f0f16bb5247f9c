import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Layers
import StyleEngine
import StyleModels
import StyleTraining
import SystemPackage
import Tensors

/// `pastiche evaluate -m STYLE --style PICTURE IMAGE...`
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell how near to a painting a style comes.",
    discussion: """
      What pastiche train makes less is found of each picture in two ways: painted in the style, \
      and untouched, as if the photograph were the painted picture. Content is how far the \
      picture's features are from the photograph's, style how far they are from the painting's; \
      the total counts in what is out of range, and patterns that repeat every four pixels.

        pastiche evaluate -m sunset.safetensors --style painting.jpg photos/
      """)

  @Option(
    name: .customShort("m", allowingJoined: true),
    help: ArgumentHelp(
      "The style: a name that `pastiche models` lists, a file, or a mixture.",
      valueName: "style[:weight],..."))
  var model: StyleArgument

  @Option(help: ArgumentHelp("The painting that it is after.", valueName: "picture"))
  var style: PathArgument

  @OptionGroup var inputs: PictureArguments
  @OptionGroup var loss: LossOptions

  @Option(
    help: ArgumentHelp("Shrink pictures to this longest side, in pixels, first.", valueName: "n"))
  var maxSide = 512

  @OptionGroup var library: LibraryOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print all of it as one JSON document.")
  var json = false

  /// A loss network's features take 1.5 KB a pixel.
  private static let sides = 16...2048

  func validate() throws {
    try model.validate()
    guard model.isMixture, !model.isAll else {
      throw ValidationError("this takes one style, or a mixture such as great-wave:0.7,udnie:0.3")
    }
    guard Self.sides.contains(maxSide) else {
      throw ValidationError("--max-side must be in \(Self.sides), not \(maxSide)")
    }
  }

  func run() throws {
    let found = try inputs.pictures()
    library.tellWhatIsMissing()
    let style = try ChosenStyle(model, in: library.library())
    let lossFile = try loss.file(in: library.library())
    let progress = ExecutionProgress()
    let (evaluation, judge) = try evaluation(in: style, lossFile, progress)
    let control = BatchControl(total: found.count)
    Interrupts.onFirst {
      control.cancel()
      progress.cancel()
    }
    let bar = StandardError.isTerminal ? ProgressBar() : nil
    bar?.start { control.progress }
    defer { bar?.stop() }
    var findings: [(path: FilePath, finding: Evaluation.Finding)] = []
    for picture in found {
      do {
        findings.append((picture.path, try find(picture, with: evaluation, control)))
      } catch EvaluationError.picture(.network(.cancelled)) {
        throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
      } catch let error as EvaluationError {
        let line = "\(printable(picture.path)): failed: \(error.message)"
        if let bar { bar.writeLine(line) } else { StandardError.writeLine(line) }
      }
    }
    bar?.stop()
    guard !findings.isEmpty else { throw ExitStatus.nothingDone }
    let document = EvaluationDocument(
      style: style.name, painting: self.style.path, lossNetwork: lossFile, weights: judge.weights,
      findings: findings)
    try StandardOutput.writeLine(json ? encodedJSON(document) : document.text)
    if findings.count < found.count { throw ExitStatus.someFailed }
  }

  /// Makes what paints and judges.
  ///
  /// - Throws: `Refusal` where the style, the painting or the loss network can't be used.
  private func evaluation(
    in style: ChosenStyle, _ lossFile: FilePath, _ progress: ExecutionProgress
  ) throws(Refusal) -> (StyleEvaluation, Evaluation) {
    let choice = try NormOptions.choose(nil, groups: nil, swap: false, for: style)
    var weights = LossWeights()
    weights.style = loss.styleWeight
    let lossNetwork = try LossOptions.network(in: lossFile)
    do {
      let network = try StyleNetwork(choice.model)
      try network.check(choice.normalization)
      let painting = try Painting(
        contentsOf: self.style.path, name: style.name, size: loss.styleSize)
      let judge = Evaluation(
        painting, lossNetwork: lossNetwork, taps: loss.contentLayers, weights: weights,
        workers: threads.count,
        kernels: try KernelSet.chosen(), progress: progress)
      let evaluation = StyleEvaluation(
        network: network, choice.normalization, judge, workers: threads.count)
      return (evaluation, judge)
    } catch {
      throw Refusal(error)
    }
  }

  /// - Throws: `EvaluationError`.
  private func find(
    _ picture: PictureWalk.Found, with evaluation: StyleEvaluation, _ control: BatchControl
  ) throws -> Evaluation.Finding {
    if let error = picture.error {
      throw EvaluationError.picture(error)
    }
    let finding = try control.watch(1) { progress in
      Result { () throws(EvaluationError) in
        try evaluation.finding(of: picture.path, maximumSide: maxSide, progress: progress)
      }
    }
    return try finding.get()
  }
}
