import BatchStylizer
import ImageFiles
import Synchronization
import SystemPackage

/// The log for people: a progress bar on a terminal, a line for each picture elsewhere, failures
/// and a summary on both.
///
/// Failures are told once: where nothing else is as they come, and below the summary where lines of other
/// pictures stand between them.
final class TextLog: RunLog {
  enum Detail: Sendable {
    case quiet, normal, verbose
  }

  private let detail: Detail
  private let bar: ProgressBar?
  private let state = Mutex(State())

  private struct State {
    /// The failure that was told last: a picture that can't be read fails in every style.
    var lastFailure: BatchReport.Failure?
    var failures = 0
    /// Whether failures are told as they come.
    var tellsAtOnce = true
  }

  init(_ detail: Detail) {
    self.detail = detail
    bar = StandardError.isTerminal && detail != .quiet ? ProgressBar() : nil
  }

  func note(_ text: String) {
    if detail != .quiet { write(text) }
  }

  func began(_ plan: BatchPlan, _ control: BatchControl) {
    let isAlone = bar != nil && detail == .normal || detail == .quiet || plan.count == 1
    state.withLock { $0.tellsAtOnce = isAlone }
    if detail == .verbose {
      let skipped = plan.items.count { $0.state == .skipped }
      let beside = skipped > 0 ? ", \(skipped) there already" : ""
      note(
        plan.count.map { counted($0, "picture") + beside }
          ?? "several pictures on standard input, counted as they come")
    }
    bar?.start { control.progress }
  }

  func ended(_ event: BatchEvent) {
    let input = printable(event.item.input)
    switch event.outcome {
    case .done(let width, let height, let notes, _):
      if detail == .verbose || (detail == .normal && bar == nil) {
        write("\(input) -> \(printable(event.item.output)) (\(width)x\(height))")
      }
      for remark in notes where detail == .verbose || !remark.isMinor {
        note("\(input): \(printable(remark.message))")
      }
    case .skipped:
      if detail == .verbose { write("\(input): \(printable(event.item.output)) is there already") }
    case .failed(let error):
      let failure = BatchReport.Failure(input: event.item.input, error: error)
      let isTold = state.withLock { state in
        defer { (state.lastFailure, state.failures) = (failure, state.failures + 1) }
        // Those that the report doesn't keep can't be told later.
        let isKept = state.failures < BatchReport.maximumFailures
        return state.lastFailure != failure && (state.tellsAtOnce || !isKept)
      }
      if isTold { write("\(input): failed: \(error.message)") }
    }
  }

  func refused(_ reason: String) {
    StandardError.write(refusal: reason)
  }

  func failed(style reason: String) { write("pastiche: \(reason)") }

  func failed(page: FilePath, reason: String) {
    write("\(printable(page)): failed: \(printable(reason))")
  }

  func failed(manifest reason: String) { write("pastiche: \(reason)") }

  func finished(_ report: BatchReport, plan: BatchPlan, seconds: Double) {
    bar?.stop()
    guard detail != .quiet else { return }
    var parts = ["\(report.done) done"]
    if report.skipped > 0 { parts.append("\(report.skipped) skipped") }
    if report.failureCount > 0 { parts.append("\(report.failureCount) failed") }
    let rate = report.done > 1 && seconds > 0 ? Double(report.done) / seconds : 0
    let speed = rate > 0 ? ", \(pace(rate))" : ""
    let place = plan.outputDirectory.map { ", in \(printable($0))" } ?? ""
    StandardError.writeLine(
      "\(parts.joined(separator: ", ")) in \(duration(seconds))\(speed)"
        + (report.done > 0 ? place : "") + (report.endedEarly ? "; ended early" : ""))
    if detail == .verbose {
      StandardError.writeLine(
        "  peak memory: \(ByteCount(AvailableMemory.peakResidentBytes))")
    }
    if !state.withLock(\.tellsAtOnce) {
      for (index, failure) in report.failures.enumerated()
      where index == 0 || report.failures[index - 1] != failure {
        StandardError.writeLine("\(printable(failure.input)): failed: \(failure.error.message)")
      }
      let others = report.failureCount - report.failures.count
      if others > 0 { StandardError.writeLine("failed: \(others) more, told above") }
    }
    if report.known > 0 { StandardError.writeLine("  skipped: \(report.known) done before") }
    let others = report.skipped - report.known
    if others > 0 {
      let number = report.known > 0 ? "\(counted(others, "output"))" : "outputs"
      StandardError.writeLine(
        "  skipped: \(number) that were there already; pass --overwrite to replace them")
    }
    let passedOver = plan.passedOver
    if passedOver.fileCount > 0 {
      StandardError.writeLine(
        "  passed over: \(counted(passedOver.fileCount, "file")) that \(passedOver.fileCount == 1 ? "doesn't" : "don't")"
          + " end in \(ImageFormat.extensionList)")
    }
    if passedOver.directories > 0 {
      StandardError.writeLine(
        "  passed over: \(counted(passedOver.directories, "directory", "directories")); "
          + "pass -r to enter \(passedOver.directories == 1 ? "it" : "them")")
    }
  }

  private func write(_ line: String) {
    if let bar { bar.writeLine(line) } else { StandardError.writeLine(line) }
  }
}
