import ArgumentParser
import BatchStylizer
import Glibc
import Laboratory
import Layers
import StyleEngine
import StyleModels
import StyleTraining
import SystemPackage
import Tensors
import WeightFiles

/// `pastiche train --style PICTURE -o STYLE.safetensors`
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a style after a painting.",
    discussion: """
      In about a minute, on two cores: the base that all styles here share learns the painting's \
      hand by its norms and colours alone.

        pastiche train --style painting.jpg -o sunset.safetensors
        pastiche photo.jpg -o painted.jpg -m ./sunset.safetensors

      With several paintings a style is made after each. --train all changes the base, too, which \
      takes hours; --base none begins from nothing.
      """)

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("The painting, or several, a style after each.", valueName: "picture"))
  var style: [PathArgument]

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "The style to write, or of several paintings a directory.", valueName: "file|dir"))
  var output: PathArgument

  @Option(
    help: ArgumentHelp(
      "The base that the style is on, by default the styles' own, or base.NORM where --norm has one; none begins from nothing.",
      valueName: "file|none"))
  var base: PathArgument?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Photographs to practise on, or directories; by default those in SampleImages.",
      valueName: "dir"))
  var content: [PathArgument] = []

  @OptionGroup var training: TrainingOptions

  @Option(help: "Width of the network that --base none begins with: 16 or 32, by default 32.")
  var width: Int?

  @Option(
    help: "The norm that is trained: instance (the default), group, layer or batch.",
    transform: Norm.trained(typed:))
  var norm = Norm.instance

  @Option(
    help: ArgumentHelp("Groups of channels under --norm group; by default 4.", valueName: "n"))
  var groups: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Photographs to paint every so often, on a sheet beside the style.", valueName: "image"))
  var preview: [PathArgument] = []

  @Option(
    help: ArgumentHelp("Iterations from one preview to the next; by default 100.", valueName: "n"))
  var previewEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Where checkpoints go, and stay; by default beside the style until that is there.",
      valueName: "dir"))
  var checkpoints: PathArgument?

  @Option(help: ArgumentHelp("Iterations from one checkpoint to the next.", valueName: "n"))
  var checkpointEvery = 100

  @Option(help: ArgumentHelp("Checkpoints that are kept.", valueName: "n"))
  var keep = 2

  @Flag(help: "Go on from the last checkpoint, if there is one.")
  var resume = false

  @Option(help: "The terms under which the style may be used, for its file.")
  var licence = "as the painting's"

  @OptionGroup var library: LibraryOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var page: PageOptions

  @Option(help: "How it is told on standard error: text, or json with one event a line.")
  var logFormat: LogFormat = .text

  @Flag(help: "Tell failures alone.")
  var quiet = false

  @Flag(help: "Replace what is there already.")
  var overwrite = false

  var previewInterval: Int { previewEvery ?? 100 }

  private static let widths = [16, 32]
  /// The name of a base that is trained for several styles, and of its file.
  static let baseName = "base"
  /// Photographs that statistics are stored of, at most, and their longest side.
  private static let measured = (pictures: 16, side: 256)
  /// What suits styles that nobody has looked at yet: the margin, as the losses leave borders alone.
  private static let advice = PaintingAdvice(bestSize: 800, grain: 4, margin: 16)

  var isFromScratch: Bool { base?.path == "none" }
  /// Whether the convolutions are trained, so that several styles have to be trained together.
  var trainsAll: Bool { isFromScratch || training.trained == .all }
  /// Whether the output is a directory, with a style of each painting's name in it.
  var isDirectory: Bool { style.count > 1 || output.endsInSlash }

  func validate() throws {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
    try check(!style.isEmpty, "name the painting with --style")
    if !isDirectory { try output.requireStyleFile() }
    if style.count > 1 {
      try check(
        output.path.extension != "safetensors",
        "several styles need a directory, not \(printable(output.path))")
      try check(page.html == nil, "--html shows the training of one style")
    }
    try check(
      width == nil || isFromScratch, "--width goes with --base none: a base has its own")
    if let width {
      try check(Self.widths.contains(width), "--width must be 16 or 32, not \(width)")
    }
    try check(groups == nil || norm == .group, "--groups goes with --norm group")
    try check(groups ?? 1 >= 1, "--groups must be at least 1")
    if let previewEvery {
      try check(previewEvery >= 1, "--preview-every must be at least 1, not \(previewEvery)")
    }
    try check(checkpointEvery >= 1, "--checkpoint-every must be at least 1, not \(checkpointEvery)")
    try check(keep >= 1, "--keep must be at least 1, not \(keep)")
    try check(!licence.isEmpty, "--licence must say something")
    let names = style.compactMap(\.path.stem)
    try check(Set(names).count == names.count, "two paintings have one name, and so would styles")
    try check(
      !trainsAll || !isDirectory || !names.contains(Self.baseName),
      "a style can't be named \(Self.baseName), as what is trained for it is; rename the painting")
  }

  func run() throws {
    let log = TrainingLog(logFormat, isQuiet: quiet)
    do {
      try run(log)
    } catch let status as ExitStatus {
      throw status
    } catch {
      log.refused(Refusal(error).message)
      throw ExitStatus.nothingDone
    }
  }

  private func run(_ log: TrainingLog) throws {
    for remark in library.remarks { log.note(remark) }
    if previewEvery != nil, preview.isEmpty {
      log.note("--preview-every does nothing without --preview")
    }
    let (jobs, done) = jobs()
    let networks = try networks()
    let photographs = photographs(log)
    try refuseOutputs(jobs, inputs: networks.files + photographs)
    if isDirectory { try makeDirectory(output.path) }
    try requireRoom(for: jobs)
    let lossNetwork = try LossOptions.network(in: networks.loss)
    let beginning = try beginning(in: networks.base)
    for job in done { log.note("\(printable(job.outputs[0])) is there already") }
    // That it came is asked before every iteration.
    Interrupts.onFirst {}
    var failures = 0
    for job in jobs {
      do {
        try train(job, beginning, lossNetwork, photographs, log)
      } catch let status as ExitStatus {
        throw status
      } catch  where jobs.count + done.count > 1 {
        failures += 1
        log.failed("\(printable(job.paintings[0].name)): failed: \(Refusal(error).message)")
      }
    }
    guard failures == 0 || failures < jobs.count + done.count else {
      throw ExitStatus.nothingDone
    }
    if failures > 0 { throw ExitStatus.someFailed }
  }

  /// The files of the loss network, and of the base where there is one.
  private struct Networks {
    let loss: FilePath
    let base: FilePath?

    var files: [FilePath] { [loss] + (base.map { [$0] } ?? []) }
  }

  private func networks() throws(Refusal) -> Networks {
    let library = library.library()
    let loss = try training.loss.file(in: library)
    if isFromScratch { return Networks(loss: loss, base: nil) }
    if let base { return Networks(loss: loss, base: base.path) }
    let base = try library.ownFile("base", of: "base", flag: "--base")
    return Networks(loss: loss, base: StyleLibrary.variant(of: base, norm: norm) ?? base)
  }

  private func beginning(in file: FilePath?) throws(Refusal) -> Beginning {
    let groups = groups ?? NetworkDescription(width: 1).groups
    guard let file else {
      return .scratch(width: width ?? 32, norm: norm, groups: groups, seed: training.seed)
    }
    let base: BaseModel
    do throws(StyleModelError) { base = try BaseModel(contentsOf: file) } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
    let styles = library.library().styles(on: base, preferring: norm)
    return .base(base, styles: styles.map(\.parameters), norm: norm, groups: groups)
  }

  private func train(
    _ job: Job, _ beginning: Beginning, _ lossNetwork: LossNetwork, _ photographs: [FilePath],
    _ log: TrainingLog
  ) throws {
    let settings = training.settings(trainsAll: trainsAll)
    let paintings = try job.paintings.map {
      try Painting(contentsOf: $0.path, name: $0.name, size: settings.styleSize)
    }
    let run = try Training(
      beginning, paintings: paintings, content: photographs, lossNetwork: lossNetwork,
      settings: settings, workers: threads.count, kernels: KernelSet.chosen())
    if resume, let restored = try job.checkpoints.restore(run) {
      for error in restored.passedOver { log.failed("passed over: \(Refusal(error).message)") }
      log.note("going on from \(printable(restored.file))")
    } else {
      job.checkpoints.remove()
    }
    try prepare(job.checkpoints)
    defer { job.checkpoints.removeIfEmpty() }
    log.began(
      paintings.map(\.name), parameters: run.parameterCount, photographs: photographs.count)
    let watch = try TrainingWatch(self, job, log, run)
    let end: Training.End
    do {
      end = try run.run(unless: { Interrupts.signal != nil }, observe: watch.observe)
    } catch let error as TrainingError {
      // The last good numbers are no less good for what came after them.
      if case .diverged = error { try? watch.writeCheckpoint() }
      throw error
    }
    for photograph in run.skippedPhotographs { log.skipped(photograph) }
    if end == .interrupted {
      try watch.writeCheckpoint()
      log.interrupted(
        "interrupted at iteration \(run.iteration); pass --resume to go on from "
          + printable(job.checkpoints.path), iteration: run.iteration)
      throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
    }
    if run.droppedIterations > 0 {
      log.note("\(counted(run.droppedIterations, "iteration")) without finite gradients left out")
    }
    try write(run, job, photographs, watch, log)
    if checkpoints == nil { job.checkpoints.remove() }
  }

  /// Writes what was trained.
  private func write(
    _ run: Training, _ job: Job, _ photographs: [FilePath], _ watch: TrainingWatch,
    _ log: TrainingLog
  ) throws {
    let base = try base(of: run)
    if let file = job.base {
      try base.weightFile().write(to: file, replacing: overwrite)
      log.wrote("base", file, iteration: run.iteration)
    }
    for (index, painting) in job.paintings.enumerated() {
      var model = try model(run, index, on: base)
      if norm != .batch { model = try measured(model, photographs) }
      if trainsAll, job.base == nil { model = try model.asNetwork(named: painting.name) }
      do throws(StyleModelError) {
        try model.write(to: painting.output, replacing: overwrite)
      } catch {
        throw Refusal(error)
      }
      log.finished(
        painting.output, iterations: run.iteration, terms: run.averageTerms,
        total: run.averageTotal, seconds: run.seconds)
    }
    try watch.finish()
    if !isDirectory { log.note("paint with it: pastiche photo.jpg -o painted.jpg -m \(example)") }
  }

  /// The style as it is typed.
  private var example: String {
    let path = output.path
    let file = path.components.count > 1 || path.isAbsolute ? path : FilePath(".").pushing(path)
    return printable(ShellWord.quoted(file))
  }

  func base(of run: Training) throws -> BaseModel {
    try run.base(
      named: Self.baseName, licence: licence,
      training: "\(counted(run.iteration, "iteration")) of pastiche train \(Pastiche.version)")
  }

  /// A style as it is now.
  func model(_ run: Training, _ index: Int, on base: BaseModel) throws -> StyleModel {
    let (painting, settings) = (run.paintings[index], run.settings)
    var card = [
      "painting": fileName(of: painting), "painting_sha256": painting.digest,
      "pastiche": Pastiche.version, "settings": run.settingsText,
    ]
    if let terms = run.averageTerms {
      card["loss"] =
        "content \(decimals(terms.content, 4)), style \(decimals(terms.style, 4)), total "
        + decimals(settings.weights.total(terms), 4)
    }
    return try run.style(
      index, on: base, advice: Self.advice, licence: licence,
      training: """
        pastiche train, \(counted(run.iteration, "iteration")), after the painting at a short side \
        of \(settings.styleSize): content \(settings.taps.contentText), style weight \
        \(decimals(settings.weights.style, 2))
        """, card: card)
  }

  private func fileName(of painting: Painting) -> String {
    style.first { $0.path.stem == painting.name || style.count == 1 }?.path.lastComponent.map {
      printable($0.string)
    } ?? painting.name
  }

  /// The style with statistics for batch norm, of some of the photographs.
  private func measured(_ model: StyleModel, _ photographs: [FilePath]) throws -> StyleModel {
    let calibration = Calibration(network: try StyleNetwork(model), workers: threads.count)
    let step = max(1, photographs.count / Self.measured.pictures)
    for index in stride(from: 0, to: photographs.count, by: step)
    where calibration.count < Self.measured.pictures {
      try? calibration.add(photographs[index], maximumSide: Self.measured.side)
    }
    guard calibration.count > 0 else { return model }
    return try calibration.calibrated(model, progress: ExecutionProgress())
  }
}
