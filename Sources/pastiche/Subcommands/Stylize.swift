import ArgumentParser
import BatchStylizer
import ImageFiles
import Pages
import StyleEngine
import StyleModels
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

  @OptionGroup var input: InputOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var style: StyleOptions
  @OptionGroup var norm: NormOptions

  @Option(
    help: ArgumentHelp(
      "Pictures whose statistics --norm batch-live takes together.", valueName: "n"))
  var batch = 8

  @Option(
    help: ArgumentHelp(
      "How much of the style: 0 is the photograph, 1 all of it.", valueName: "0...1"))
  var strength: Float = 1

  @Flag(help: "Keep the photograph's colours and take only lightness from the style.")
  var keepColor = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions

  @OptionGroup var page: PageOptions

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
    try check((0...1).contains(strength), "--strength must be in 0...1, not \(strength)")
    try check(!(quiet && verbose), "--quiet and --verbose exclude one another")
    _ = try output.target(for: input)
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
    let (paths, target) = (try input.paths(), try output.target(for: input))
    let plan: BatchPlan
    do throws(BatchPlanError) {
      plan = try BatchPlan(
        inputs: paths, target: target, recursively: input.recursive, format: output.format,
        overwrites: output.overwrite)
    } catch {
      throw Refusal(error)
    }
    let pagePath = try page.path(beside: plan)
    let (file, model) = try style.model()
    let choice = try norm.choose(for: model, in: file)
    if let note = choice.note { log.note(note) }
    if verbose || dryRun { log.note(memory.summary) }
    let control = BatchControl()
    let network = try self.network(choice.model)
    let page = try dryRun ? nil : pagePath.map { try runPage($0, of: plan, network, choice) }
    let run = try batchRun(plan, network, choice, control, log, page)
    if dryRun { return try DryRun(network: network, jobs: threads.count).print(run, of: plan) }

    Interrupts.onFirst(control.cancel)
    let start = ContinuousClock.now
    log.began(plan, control)
    let report = run.run()
    let pageError = page?.finish(report)
    if let pagePath, let pageError { log.failed(page: pagePath, reason: pageError.message) }
    log.finished(report, plan: plan, seconds: (ContinuousClock.now - start) / .seconds(1))
    if let signal = Interrupts.signal { throw ExitStatus.interrupted(signal: signal) }
    if report.done + report.skipped == 0 { throw ExitStatus.nothingDone }
    if !report.failures.isEmpty || pageError != nil { throw ExitStatus.someFailed }
  }

  private func batchRun(
    _ plan: BatchPlan, _ network: StyleNetwork, _ choice: NormChoice,
    _ control: BatchControl, _ log: any RunLog, _ page: RunPage?
  ) throws(Refusal) -> BatchRun {
    var options = BatchRun.Options()
    options.jobs = threads.count
    options.batchSize = batch
    options.failFast = failFast
    options.limits.maximumPixels = input.maxPixels
    options.damaged = input.damaged
    options.resizing = input.resizing
    options.depth = output.depth
    options.encoding = EncodingOptions(
      quality: output.quality, compression: output.compression, metadata: output.metadata,
      madeBy: madeBy(choice))
    options.memory = memory.byteCount
    options.scratch = memory.directory
    options.thumbnailSide = page?.thumbnails.side ?? 0
    do throws(StyleNetworkError) {
      return try BatchRun(
        plan, network: network,
        stylization: Stylization(
          normalization: choice.normalization, strength: strength, keepsColor: keepColor),
        options: options, control: control,
        observe: { event in
          log.ended(event)
          page?.ended(event)
        })
    } catch {
      throw Refusal(error)
    }
  }

  private func network(_ model: StyleModel) throws(Refusal) -> StyleNetwork {
    do { return try StyleNetwork(model) } catch { throw Refusal(error) }
  }

  /// Makes what outputs say of themselves: nothing of time or machine, so that bytes repeat.
  private func madeBy(_ choice: NormChoice) -> String {
    let program = "Pastiche \(Pastiche.version)"
    if strength == 0 { return program }
    return "\(program), style \(choice.model.name), \(choice.norm.rawValue) norm"
  }
}
