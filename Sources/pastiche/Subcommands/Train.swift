import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Layers
import StyleEngine
import StyleModels
import StyleTraining
import SystemFiles
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
    name: .shortAndLong,
    help: ArgumentHelp(
      "The style to write, or of several paintings a directory.", valueName: "file|dir"))
  var output: PathArgument

  @Option(
    help: ArgumentHelp(
      "The base that the style is on, by default the styles' own; none begins from nothing.",
      valueName: "file|none"))
  var base: PathArgument?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Photographs to practise on, or directories; by default those in SampleImages.",
      valueName: "dir"))
  var content: [PathArgument] = []

  @Option(
    help: ArgumentHelp(
      "The network that compares pictures, by default our own; VGG-19 as safetensors, too.",
      valueName: "file"))
  var lossNetwork: PathArgument?

  @OptionGroup var training: TrainingOptions

  @Option(help: "Width of the network that --base none begins with: 16 or 32.")
  var width: Int?

  @Option(help: "The norm that is trained: instance, group, layer or batch.")
  var norm: Norm = .instance

  @Option(help: ArgumentHelp("Groups of channels under --norm group.", valueName: "n"))
  var groups: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Photographs to paint every so often, on a sheet beside the style.", valueName: "image"))
  var preview: [PathArgument] = []

  @Option(help: ArgumentHelp("Iterations from one preview to the next.", valueName: "n"))
  var previewEvery = 100

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

  private static let widths = [16, 32]
  /// Photographs that statistics are stored of, at most, and their longest side.
  private static let measured = (pictures: 16, side: 256)
  /// What suits styles on the base that nobody has looked at yet.
  private static let advice = PaintingAdvice(bestSize: 800, grain: 4, margin: 16)

  private var isFromScratch: Bool { base?.path == "none" }
  /// Whether the convolutions are trained, so that several styles have to be trained together.
  private var trainsAll: Bool { isFromScratch || training.trained == .all }
  private var isDirectory: Bool { style.count > 1 || output.endsInSlash }

  func validate() throws {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
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
    try check(norm != .batchLive, "train with --norm batch, whose statistics are the batch's own")
    try check(previewEvery >= 1, "--preview-every must be at least 1, not \(previewEvery)")
    try check(checkpointEvery >= 1, "--checkpoint-every must be at least 1, not \(checkpointEvery)")
    try check(keep >= 1, "--keep must be at least 1, not \(keep)")
    try check(!licence.isEmpty, "--licence must say something")
    let names = style.compactMap(\.path.stem)
    try check(Set(names).count == names.count, "two paintings have one name, and so would styles")
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

  /// Paintings that are trained together, and where what comes of them goes.
  private struct Job {
    let paintings: [(path: FilePath, name: String, output: FilePath)]
    /// The file of a base that is trained for several.
    let base: FilePath?
    let checkpoints: CheckpointDirectory
  }

  private func jobs() -> [Job] {
    let all = style.map { painting in
      let name = isDirectory ? painting.path.stem ?? "style" : output.path.stem ?? "style"
      let file = isDirectory ? output.path.appending("\(name).safetensors") : output.path
      return (path: painting.path, name: name, output: file)
    }
    func directory(_ path: FilePath) -> CheckpointDirectory {
      CheckpointDirectory(path, keeping: keep)
    }
    if trainsAll, isDirectory {
      let beside = output.path.appending("base.training")
      return [
        Job(
          paintings: all, base: output.path.appending("base.safetensors"),
          checkpoints: directory(checkpoints?.path ?? beside))
      ]
    }
    return all.map { painting in
      let beside = painting.output.removingLastComponent().appending("\(painting.name).training")
      let named = checkpoints.map { all.count > 1 ? $0.path.appending(painting.name) : $0.path }
      return Job(paintings: [painting], base: nil, checkpoints: directory(named ?? beside))
    }
  }

  private func run(_ log: TrainingLog) throws {
    let jobs = jobs()
    let photographs = try photographs()
    let begun = try begin()
    try refuseOutputs(jobs, begun)
    let network = try LossNetwork(contentsOf: begun.lossNetwork)
    if isDirectory { try makeDirectory(output.path) }
    var failures = 0
    for job in jobs {
      do {
        try train(job, begun.beginning, network, photographs, log)
      } catch let error as TrainingError where jobs.count > 1 {
        failures += 1
        log.failed("\(job.paintings[0].name): failed: \(Refusal(error).message)")
      }
    }
    guard failures < jobs.count else { throw ExitStatus.nothingDone }
    if failures > 0 { throw ExitStatus.someFailed }
  }

  /// What everything begins with.
  private struct Begun {
    let beginning: Beginning
    let base: FilePath?
    let lossNetwork: FilePath
  }

  private func begin() throws -> Begun {
    let library = library.library
    let lossFile = try lossNetwork?.path ?? library.file(of: "loss-network")
    let groups = groups ?? NetworkDescription(width: 1).groups
    if isFromScratch {
      return Begun(
        beginning: .scratch(
          width: width ?? 32, norm: norm, groups: groups, seed: training.seed), base: nil,
        lossNetwork: lossFile)
    }
    let file = try base?.path ?? library.file(of: "base")
    let base: BaseModel
    do throws(StyleModelError) { base = try BaseModel(contentsOf: file) } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
    return Begun(
      beginning: .base(
        base, styles: library.styles(on: base).map(\.parameters), norm: norm, groups: groups),
      base: file, lossNetwork: lossFile)
  }

  /// - Throws: `Refusal` where an output is there already, or is what is read.
  private func refuseOutputs(_ jobs: [Job], _ begun: Begun) throws(Refusal) {
    let inputs =
      style.map(\.path) + preview.map(\.path) + [begun.lossNetwork]
      + (begun.base.map { [$0] } ?? [])
    for job in jobs {
      for path in job.paintings.map(\.output) + (job.base.map { [$0] } ?? []) {
        if let argument = PathArgument(argument: path.string) {
          try argument.refuse(amongst: inputs, replacing: overwrite)
        }
      }
      if !resume, !overwrite, let last = job.checkpoints.files.first {
        throw Refusal(
          "\(printable(last)) is of a training that hasn't ended; pass --resume to go on with it, "
            + "or --overwrite to begin anew")
      }
    }
  }

  private func photographs() throws -> [FilePath] {
    var walk = PictureWalk(recursively: !content.isEmpty)
    let places = content.isEmpty ? [library.sampleImages] : content.map(\.path)
    let found = places.flatMap { walk.pictures(at: $0) }.filter { $0.error == nil }
    // The same order whatever the directory is called and lists first.
    return found.map(\.path).sorted { $0.precedes($1) }
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
    if resume, let file = try job.checkpoints.restore(run) {
      log.note("going on from \(printable(file))")
    } else {
      job.checkpoints.remove()
    }
    log.began(
      paintings.map(\.name), parameters: run.parameterCount, photographs: photographs.count)
    let watch = try TrainingWatch(self, job.paintings.map(\.output), job.checkpoints, log, run)
    let end: Training.End
    do {
      end = try run.run(unless: { Interrupts.signal != nil }, observe: watch.observe)
    } catch let error as TrainingError {
      // The last good numbers are no less good for what came after them.
      if case .diverged = error { try? watch.writeCheckpoint() }
      throw error
    }
    if end == .interrupted {
      try watch.writeCheckpoint()
      log.interrupted(
        "interrupted at iteration \(run.iteration); pass --resume to go on from "
          + printable(job.checkpoints.path), iteration: run.iteration)
      throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
    }
    for photograph in run.skippedPhotographs { log.failed("\(photograph): skipped") }
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
      var model = try model(run, index, on: base, watch.curves.last)
      if norm != .batch { model = try measured(model, photographs) }
      if trainsAll, job.base == nil { model = try model.asNetwork(named: painting.name) }
      do throws(StyleModelError) {
        try model.write(to: painting.output, replacing: overwrite)
      } catch {
        throw Refusal(error)
      }
      log.finished(
        painting.output, iterations: run.iteration, terms: watch.curves.last,
        total: run.averageTotal, seconds: watch.seconds)
    }
    try watch.finish()
    if !isDirectory { log.note("paint with it: pastiche photo.jpg -o painted.jpg -m \(example)") }
  }

  /// The style as it is typed.
  private var example: String {
    let path = printable(output.path)
    return path.contains("/") ? path : "./\(path)"
  }

  func base(of run: Training) throws -> BaseModel {
    try run.base(
      named: "base", licence: licence,
      training: "\(counted(run.iteration, "iteration")) of pastiche train \(Pastiche.version)")
  }

  /// A style as it is now.
  func model(_ run: Training, _ index: Int, on base: BaseModel, _ terms: LossTerms?) throws
    -> StyleModel
  {
    let (painting, settings) = (run.paintings[index], run.settings)
    var card = [
      "painting": job(painting), "painting_sha256": painting.digest, "pastiche": Pastiche.version,
      "settings": run.settingsText,
    ]
    if let terms {
      card["loss"] =
        "content \(decimals(terms.content, 4)), style \(decimals(terms.style, 4)), total "
        + decimals(settings.weights.total(terms), 4)
    }
    return try run.style(
      index, on: base, advice: trainsAll ? PaintingAdvice() : Self.advice, licence: licence,
      training: """
        pastiche train, \(counted(run.iteration, "iteration")), after the painting at a short side \
        of \(settings.styleSize): content \(settings.taps.content.rawValue), style weight \
        \(decimals(settings.weights.style, 2))
        """, card: card)
  }

  private func job(_ painting: Painting) -> String {
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

/// Looks on while a style is trained: tells, keeps checkpoints and paints previews.
final class TrainingWatch {
  private let command: Train
  private let outputs: [FilePath]
  private let checkpoints: CheckpointDirectory
  private let log: TrainingLog
  private let run: Training
  private let previews: TrainingPreviews?
  private let page: TrainingPage?
  private(set) var curves = TrainingCurves()
  private(set) var seconds = 0.0

  init(
    _ command: Train, _ outputs: [FilePath], _ checkpoints: CheckpointDirectory,
    _ log: TrainingLog, _ run: Training
  ) throws {
    self.command = command
    self.outputs = outputs
    self.checkpoints = checkpoints
    self.log = log
    self.run = run
    previews =
      command.preview.isEmpty
      ? nil
      : try TrainingPreviews(
        command.preview.map(\.path),
        model: try command.model(run, 0, on: command.base(of: run), nil),
        workers: command.threads.count)
    page = try command.page.trainingPage(
      of: command.style.map(\.path), style: run.paintings[0].name, replacing: command.overwrite)
    if run.iteration == 0 { try paintPreviews() }
  }

  func observe(_ event: Training.Event) throws {
    switch event {
    case .setback(let iteration, let total, let rate):
      log.setback(iteration: iteration, total: total, rate: rate)
    case .iteration(let iteration):
      curves.add(iteration)
      seconds = iteration.seconds
      log.ended(
        iteration, average: curves.last ?? iteration.terms,
        total: run.averageTotal ?? iteration.total)
      let isLast = iteration.share >= 1
      if iteration.number.isMultiple(of: command.checkpointEvery) || isLast {
        try writeCheckpoint()
      }
      if iteration.number.isMultiple(of: command.previewEvery) || isLast { try paintPreviews() }
    }
  }

  func writeCheckpoint() throws {
    try checkpoints.write(run.checkpoint, iteration: run.iteration)
    log.wrote("checkpoint", checkpoints.path, iteration: run.iteration)
  }

  /// Paints the previews with the first style as it is, on the sheet beside its file.
  private func paintPreviews() throws {
    guard let previews else { return }
    let model = try command.model(run, 0, on: command.base(of: run), nil)
    try previews.add(model, iteration: run.iteration, progress: ExecutionProgress())
    guard let sheet = PathArgument(argument: sheetPath.string) else { return }
    try sheet.write(previews.sheet(), replacing: true)
    log.wrote("preview", sheetPath, iteration: run.iteration)
  }

  private var sheetPath: FilePath {
    outputs[0].removingLastComponent().appending("\(outputs[0].stem ?? "style").png")
  }

  /// Writes the page.
  func finish() throws {
    try page?.finish(curves, weights: run.settings.weights, previews: previews)
  }
}
