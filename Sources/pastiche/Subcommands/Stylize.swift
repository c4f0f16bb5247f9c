import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Layers
import Pages
import Sheets
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage
import Tensors

/// `pastiche [stylize] INPUT... -o OUT`
struct Stylize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repaint pictures, or directories of them.",
    discussion: """
      A picture that fails is named at the end, and the others are done. Outputs that are there \
      already are left alone, so that an interrupted run goes on where it ended. Exit codes: 0 \
      nothing failed, 1 some pictures failed, 2 nothing was done, 64 usage, 130 and 143 interrupted.

      Of several pictures on standard input, as ffmpeg -f image2pipe writes a film, each goes to \
      standard output in order, or to OUT/000001.png and so on where OUT is a directory.
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var style: StyleListOptions
  @OptionGroup var brush: BrushOptions
  @OptionGroup var norm: NormOptions

  @Option(
    help: ArgumentHelp(
      "Pictures whose statistics --norm batch-live takes together; by default 8.", valueName: "n"))
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "How much of the style: 0 is the photograph, 1, the default, all of it; or per cent.",
      valueName: "0...1"),
    transform: { Float(try share($0)) })
  var strength: Float = 1

  @Flag(help: "Keep the photograph's colours and take only lightness from the style.")
  var keepColor = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions

  @OptionGroup var page: PageOptions

  @OptionGroup var resumption: ResumeOptions

  @Flag(help: "End at the first failure.")
  var failFast = false

  @Flag(help: "Print what would be done, and do nothing; as JSON with --log-format json.")
  var dryRun = false

  @Option(help: "How the run is told on standard error: text, or json with one event a line.")
  var logFormat: LogFormat = .text

  @Flag(help: "Tell failures alone.")
  var quiet = false

  @Flag(
    name: [.customShort("v"), .long],
    help: "Tell every picture, and the files that are passed over.")
  var verbose = false

  func validate() throws {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
    if let batch { try check(batch > 0, "--batch must be at least 1, not \(batch)") }
    try check(
      (0...1).contains(strength),
      "--strength must be in 0...1, not \(Table.shortest(strength))"
        + (strength >= 2 && strength <= 100 ? "; did you mean \(Table.shortest(strength))%?" : ""))
    try check(!(quiet && verbose), "--quiet and --verbose exclude one another")
    try resumption.validate(try target())
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
    let (base, listed) = (try input.baseDirectory(), try input.listed())
    let target = try self.target()
    let (chosen, unreadable) = try style.choices(memory)
    for reason in unreadable { log.failed(style: reason) }
    let directories =
      style.areSeveral
      ? try chosen.map { style throws(Refusal) in try style.directory() } : []
    let others = chosen.flatMap(\.inputs) + input.lists
    var choices: [NormChoice] = []
    for style in chosen {
      let choice = try norm.choose(for: style)
      if let note = choice.note { log.note(note) }
      choices.append(choice)
    }
    for remark in idle(choices, target) { log.note(remark) }
    let shard = try resumption.shard?.shard { getenv($0).map { String(cString: $0) } }
    if let shard {
      log.note("share \(shard) of the pictures")
      let isLive = choices.contains { $0.normalization == .batchLive }
      if isLive, shard.count > 1 { log.note(ResumeOptions.companyNote) }
    }
    let recipe = recipe(choices)
    let existing = try resumption.existing(
      in: target, shard, recipe, overwrites: output.overwrite)
    let plan: BatchPlan
    do throws(BatchPlanError) {
      if let stream = input.stream {
        plan = try BatchPlan(
          stream: stream, target: target, format: output.format, styles: directories,
          existing: existing, reading: others)
      } else {
        plan = try BatchPlan(
          inputs: input.inputs.map(\.path), listed: listed, base: base, target: target,
          recursively: input.recursive, shard: shard, format: output.format, styles: directories,
          existing: existing, reading: others)
      }
    } catch {
      throw Refusal(error)
    }
    let pagePath = try page.path(beside: plan, reading: others, replacing: output.overwrite)
    if verbose || dryRun { log.note(memory.summary) }
    if verbose {
      for name in plan.passedOver.files { log.note("passed over: \(printable(name))") }
      let untold = plan.passedOver.fileCount - plan.passedOver.files.count
      if untold > 0 { log.note("passed over: \(untold) more") }
    }
    let control = BatchControl()
    let styles = try styles(choices)
    let page = try dryRun ? nil : pagePath.map { try runPage($0, of: plan, styles, choices) }
    let manifest = dryRun ? nil : try resumption.writer(in: target, shard, recipe)
    let keeper = manifest.map { ManifestKeeper($0, control) }
    let run = try batchRun(
      plan, styles, control, thumbnailSide: page?.thumbnails.side ?? 0
    ) { event in
      log.ended(event)
      page?.ended(event)
      keeper?.ended(event)
    }
    if dryRun {
      try DryRun(network: styles[0].network, jobs: threads.count, format: logFormat)
        .print(run, of: plan)
      if !unreadable.isEmpty { throw ExitStatus.someFailed }
      return
    }

    let start = ContinuousClock.now
    let conclusion = Conclusion { report in
      let pageError = page?.finish(report)
      if let pagePath, let pageError { log.failed(page: pagePath, reason: pageError.message) }
      if let error = keeper?.error { log.failed(manifest: error.message) }
      log.finished(report, plan: plan, seconds: (ContinuousClock.now - start) / .seconds(1))
      if let pagePath, pageError == nil { log.note("page: \(printable(pagePath))") }
      return pageError == nil && keeper?.error == nil
    }
    log.began(plan, control)
    // What can't be interrupted is dropped: no output is there before it is whole.
    Interrupts.onFirst(control.cancel) {
      conclusion.come(run.reportSoFar)
      TemporaryNames.end(128 + (Interrupts.signal ?? SIGINT))
    }
    let report: BatchReport
    do throws(ThreadError) { report = try run.run() } catch { throw Refusal(error) }
    let isWhole = conclusion.come(report)
    if let signal = Interrupts.signal { throw ExitStatus.interrupted(signal: signal) }
    let isEmptyShare = plan.count == 0
    if report.done + report.skipped == 0, !isEmptyShare { throw ExitStatus.nothingDone }
    if report.failureCount > 0 || !isWhole || !unreadable.isEmpty { throw ExitStatus.someFailed }
  }

  var batchSize: Int { batch ?? 8 }

  /// Remarks on options that do nothing here.
  private func idle(_ choices: [NormChoice], _ target: BatchPlan.Target) -> [String] {
    let isLive = choices.contains { $0.normalization == .batchLive }
    let idleBatch =
      batch != nil && !isLive ? ["--batch does nothing without --norm batch-live"] : []
    let idleSwap = norm.swap && norm.norm == nil ? ["--swap does nothing without --norm"] : []
    return idleBatch + idleSwap + output.idle(for: target) + brush.idle + style.library.remarks
  }

  /// The place of the paintings, of several styles always a directory.
  func target() throws -> BatchPlan.Target {
    style.areSeveral ? try output.directory(for: input) : try output.target(for: input)
  }

  private func styles(_ choices: [NormChoice]) throws(Refusal) -> [BatchRun.Style] {
    var styles = try StyleNetworks.styles(choices) { choice in
      Stylization(
        normalization: choice.normalization, strength: strength, keepsColor: keepColor,
        brush: brush.brush(for: choice.model.advice))
    }
    for (index, choice) in choices.enumerated() { styles[index].madeBy = madeBy(choice) }
    return styles
  }

  private func batchRun(
    _ plan: BatchPlan, _ styles: [BatchRun.Style], _ control: BatchControl,
    thumbnailSide: Int, observe: @escaping @Sendable (BatchEvent) -> Void
  ) throws(Refusal) -> BatchRun {
    var options = BatchRun.Options()
    options.jobs = threads.count
    options.batchSize = batchSize
    options.failFast = failFast
    options.limits.maximumPixels = input.maxPixels.value
    options.damaged = input.damaged
    options.resizing = input.resizing
    options.depth = output.depth
    options.encoding = output.encoding
    options.memory = memory.byteCount
    options.scratch = memory.directory
    options.thumbnailSide = thumbnailSide
    do throws(StyleNetworkError) {
      return try BatchRun(
        plan, styles: styles, options: options, control: control, observe: observe)
    } catch {
      throw Refusal(error)
    }
  }

  /// Makes what outputs say of themselves: nothing of time or machine, so that bytes repeat.
  private func madeBy(_ choice: NormChoice) -> String {
    let program = "Pastiche \(Pastiche.version)"
    if strength == 0 { return program }
    return "\(program), style \(choice.model.name), \(choice.norm.rawValue) norm"
  }
}
