import ArgumentParser
import BatchStylizer
import SystemPackage

/// The form of a log.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  /// Words for people.
  case text
  /// A JSON object a line.
  case json
}

/// The log of a run while it goes on. Called from one thread at a time but for `refused`.
protocol RunLog: Sendable {
  /// Tells something that concerns the run as a whole.
  func note(_ text: String)
  func began(_ plan: BatchPlan, _ control: BatchControl)
  func ended(_ event: BatchEvent)
  /// Tells that the run is refused before it begins.
  func refused(_ reason: String)
  /// Tells that a style at hand can't be read, and is passed over.
  func failed(style reason: String)
  /// Tells that the pictures are done, but the page isn't.
  func failed(page: FilePath, reason: String)
  /// Tells that the run ended because its manifest couldn't be kept.
  func failed(manifest reason: String)
  func finished(_ report: BatchReport, plan: BatchPlan, seconds: Double)
}
