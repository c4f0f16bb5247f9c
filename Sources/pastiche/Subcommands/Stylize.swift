import ArgumentParser
import BatchStylizer
import ImageFiles
import StyleModels
import StyleNetwork
import SystemPackage

/// `pastiche [stylize] INPUT... -o OUT`
struct Stylize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repaint pictures, or directories of them.",
    discussion: """
      A picture that fails is named at the end, and the others are done. Outputs that are there \
      already are left alone, so that an interrupted run goes on where it ended. Exit codes: 0 \
      nothing failed, 1 some pictures failed, 2 nothing was done, 64 usage, 130 interrupted.
      """)

  @Argument(
    help: ArgumentHelp("Pictures, or directories of them.", valueName: "input"))
  var inputs: [PathArgument]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where results go: a file for a single picture, else a directory.", valueName: "out"))
  var output: PathArgument

  @OptionGroup var style: StyleOptions
  @OptionGroup var norm: NormOptions

  @Option(
    help: ArgumentHelp(
      "Pictures whose statistics --norm batch-live takes together.", valueName: "n"))
  var batch = 8

  @Flag(name: [.customShort("r"), .long], help: "Enter directories in directories.")
  var recursive = false

  @Option(help: "What is written: png, jpeg, or keep, which is what the input is.")
  var format: BatchPlan.Format = .keep

  @Option(
    name: [.customShort("q"), .long], help: ArgumentHelp("JPEG quality, 1...100.", valueName: "n"))
  var quality = EncodingOptions().quality

  @Option(help: ArgumentHelp("PNG compression, 0 (none) ... 9 (smallest).", valueName: "n"))
  var compression = EncodingOptions().compression

  @Option(
    help: ArgumentHelp(
      "How much of the style: 0 is the photograph, 1 all of it.", valueName: "0...1"))
  var strength: Float = 1

  @Flag(help: "Keep the photograph's colours and take only lightness from the style.")
  var keepColor = false

  @Option(help: ArgumentHelp("Refuse pictures of more pixels than this.", valueName: "n"))
  var maxPixels = ImageLimits().maximumPixels

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Replace outputs that are there already.")
  var overwrite = false

  @Flag(help: "End at the first failure.")
  var failFast = false

  @Flag(help: "Print what would be done, and do nothing.")
  var dryRun = false

  @Option(help: "How the run is told on standard error: text, or json with one event a line.")
  var logFormat: LogFormat = .text

  @Flag(help: "Tell failures alone.")
  var quiet = false

  @Flag(help: "Tell every picture.")
  var verbose = false

  enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  func validate() throws {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
    try check(batch > 0, "--batch must be at least 1, not \(batch)")
    try check((1...100).contains(quality), "--quality must be in 1...100, not \(quality)")
    try check((0...9).contains(compression), "--compression must be in 0...9, not \(compression)")
    try check((0...1).contains(strength), "--strength must be in 0...1, not \(strength)")
    try check(maxPixels > 0, "--max-pixels must be at least 1, not \(maxPixels)")
    try check(!(quiet && verbose), "--quiet and --verbose exclude one another")
    guard case .file(let path) = target else { return }
    guard let named = path.extension.flatMap(ImageFormat.init(fileExtension:)) else {
      throw ValidationError(
        "the output \(printable(path)) must end in .png, .jpg or .jpeg; "
          + "to name a directory, end it in a slash")
    }
    try check(
      format == .keep || format.rawValue == named.rawValue,
      "--format \(format.rawValue) and the output \(printable(path)) disagree")
  }

  /// A file where the only input is no directory and the output isn't said to be one.
  private var target: BatchPlan.Target {
    let isFile =
      inputs.count == 1 && !isDirectory(inputs[0].path) && !output.endsInSlash
      && !isDirectory(output.path)
    return isFile ? .file(output.path) : .directory(output.path)
  }

  private func isDirectory(_ path: FilePath) -> Bool {
    FileIdentity(of: path)?.isDirectory ?? false
  }

  func run() throws {
    let log: any RunLog =
      switch logFormat {
      case .json: JSONLog(isQuiet: quiet)
      case .text: TextLog(quiet ? .quiet : verbose ? .verbose : .normal)
      }
    do {
      try run(log)
    } catch let refusal as Refusal {
      log.refused(refusal.message)
      throw ExitStatus.nothingDone
    }
  }

  private func run(_ log: any RunLog) throws {
    let plan: BatchPlan
    do throws(BatchPlanError) {
      plan = try BatchPlan(
        inputs: inputs.map(\.path), target: target, recursively: recursive, format: format,
        overwrites: overwrite)
    } catch {
      throw Refusal(error.description)
    }
    let (file, model) = try style.model()
    let choice = try norm.choose(for: model, in: file)
    if let note = choice.note { log.note(note) }
    let control = BatchControl()
    let run = try batchRun(plan, choice, control, log)
    if dryRun { return try DryRun.print(plan) }

    Interrupts.onFirst(control.cancel)
    let start = ContinuousClock.now
    log.began(plan, control)
    let report = run.run()
    log.finished(report, plan: plan, seconds: (ContinuousClock.now - start) / .seconds(1))
    if let signal = Interrupts.signal { throw ExitStatus.interrupted(signal: signal) }
    if report.done + report.skipped == 0 { throw ExitStatus.nothingDone }
    if !report.failures.isEmpty { throw ExitStatus.someFailed }
  }

  private func batchRun(
    _ plan: BatchPlan, _ choice: NormOptions.Choice, _ control: BatchControl, _ log: any RunLog
  ) throws(Refusal) -> BatchRun {
    var options = BatchRun.Options()
    options.jobs = threads.count
    options.batchSize = batch
    options.failFast = failFast
    options.limits.maximumPixels = maxPixels
    options.encoding = EncodingOptions(quality: quality, compression: compression)
    do {
      return try BatchRun(
        plan, network: StyleNetwork(choice.model),
        stylization: Stylization(
          normalization: choice.normalization, strength: strength, keepsColor: keepColor),
        options: options, control: control, observe: log.ended)
    } catch {
      throw Refusal("\(error)")
    }
  }
}

extension BatchPlan.Format: ExpressibleByArgument {}
