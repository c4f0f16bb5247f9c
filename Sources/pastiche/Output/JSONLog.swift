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
    write(Event(event: "note", text: text))
  }

  func began(_ plan: BatchPlan, _ control: BatchControl) {
    write(
      Event(
        event: "began", pictures: plan.count,
        passedOverFiles: plan.passedOver.fileCount,
        passedOverDirectories: plan.passedOver.directories))
    guard !isQuiet else { return }
    ticker.start(every: .seconds(1)) { [weak self] in
      let (finished, total, fraction) = control.progress
      self?.write(
        Event(
          event: "progress", pictures: total, finished: finished,
          fraction: total == nil ? nil : fraction))
    }
  }

  func ended(_ event: BatchEvent) {
    let (input, output) = (JSONPath(event.item.input), JSONPath(event.item.output))
    var line = Event(
      event: "", input: input.text, inputBase64: input.base64, output: output.text,
      outputBase64: output.base64)
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
    StandardError.writeLine(encodedJSON(Event(event: "refused", error: reason)))
  }

  func failed(style reason: String) {
    StandardError.writeLine(encodedJSON(Event(event: "style_failed", error: reason)))
  }

  func failed(page: FilePath, reason: String) {
    let path = JSONPath(page)
    StandardError.writeLine(
      encodedJSON(
        Event(
          event: "page_failed", output: path.text, outputBase64: path.base64, error: reason)))
  }

  func failed(manifest reason: String) {
    StandardError.writeLine(encodedJSON(Event(event: "manifest_failed", error: reason)))
  }

  func finished(_ report: BatchReport, plan: BatchPlan, seconds: Double) {
    ticker.stop()
    write(
      Event(
        event: "finished", done: report.done, skipped: report.skipped,
        failed: report.failureCount, endedEarly: report.endedEarly, seconds: seconds,
        peakRssBytes: AvailableMemory.peakResidentBytes))
  }

  private struct Event: Encodable {
    var event: String
    var text: String?
    var input: String?
    var inputBase64: String?
    var output: String?
    var outputBase64: String?
    var format: String?
    var width: Int?
    var height: Int?
    var notes: [String]?
    var noteKinds: [String]?
    var error: String?
    var pictures: Int?
    var finished: Int?
    var passedOverFiles: Int?
    var passedOverDirectories: Int?
    var done: Int?
    var skipped: Int?
    var failed: Int?
    var endedEarly: Bool?
    var seconds: Double?
    var fraction: Double?
    var peakRssBytes: Int?
  }

  private func write(_ event: Event) {
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
