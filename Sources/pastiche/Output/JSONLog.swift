import BatchStylizer
import Dispatch
import FoundationEssentials
import ImageFiles
import SystemPackage

/// The log for programs: one JSON object a line, each with an `event`. How far the run is comes
/// every second.
final class JSONLog: RunLog {
  /// Whether failures are told alone.
  private let isQuiet: Bool
  private let ticker = Ticker()

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  func note(_ text: String) {
    write(LogEvent(event: "note", text: text))
  }

  func began(_ plan: BatchPlan, _ control: BatchControl) {
    write(
      LogEvent(
        event: "began", pictures: plan.count,
        passedOverFiles: plan.passedOver.fileCount,
        passedOverDirectories: plan.passedOver.directories))
    guard !isQuiet else { return }
    ticker.start(every: .seconds(1)) { [weak self] in
      let (finished, total, fraction) = control.progress
      self?.write(
        LogEvent(
          event: "progress", pictures: total, finished: finished,
          fraction: total == nil ? nil : fraction))
    }
  }

  func ended(_ event: BatchEvent) {
    var line = LogEvent("", event.item)
    switch event.outcome {
    case .done(let width, let height, let notes, _):
      line.event = "done"
      (line.width, line.height) = (width, height)
      line.format = event.item.format.rawValue
      if !notes.isEmpty {
        line.notes = notes.map(\.message)
        line.noteKinds = notes.map(\.kind)
      }
    case .skipped:
      line.event = "skipped"
    case .failed(let error):
      line.event = "failed"
      line.error = error.message
    }
    if case .failed = event.outcome { return StandardError.writeLine(encodedJSON(line)) }
    write(line)
  }

  func refused(_ reason: String) {
    StandardError.writeLine(encodedJSON(LogEvent(event: "refused", error: reason)))
  }

  func failed(style reason: String) {
    StandardError.writeLine(encodedJSON(LogEvent(event: "style_failed", error: reason)))
  }

  func failed(page: FilePath, reason: String) {
    let path = JSONPath(page)
    StandardError.writeLine(
      encodedJSON(
        LogEvent(
          event: "page_failed", output: path.text, outputBase64: path.base64, error: reason)))
  }

  func failed(manifest reason: String) {
    StandardError.writeLine(encodedJSON(LogEvent(event: "manifest_failed", error: reason)))
  }

  func finished(_ report: BatchReport, plan: BatchPlan, seconds: Double) {
    ticker.stop()
    write(
      LogEvent(
        event: "finished", done: report.done, skipped: report.skipped,
        failed: report.failureCount, endedEarly: report.endedEarly, seconds: seconds,
        peakRssBytes: AvailableMemory.peakResidentBytes))
  }

  private func write(_ event: LogEvent) {
    guard !isQuiet else { return }
    StandardError.writeLine(encodedJSON(event))
  }
}

extension BatchNote {
  /// The name by which programs tell it from others.
  fileprivate var kind: String {
    switch self {
    case .image(.harmless): "harmless"
    case .image(.damaged): "damaged"
    case .image(.dropped): "dropped"
    case .image(.outdated): "outdated"
    case .image(.changed): "changed"
    case .image(.laidOverWhite): "laid_over_white"
    case .image(.incomplete): "incomplete"
    case .eightBitJPEG: "eight_bit_jpeg"
    case .missingCompany: "missing_company"
    }
  }
}
