import BatchStylizer
import SystemPackage

/// What a run tells while it goes on. Called from one thread at a time but for `refused`.
protocol RunLog: Sendable {
  /// Something that concerns the run as a whole.
  func note(_ text: String)
  func began(_ plan: BatchPlan, _ control: BatchControl)
  func ended(_ event: BatchEvent)
  /// The run is refused before it begins.
  func refused(_ reason: String)
  /// The pictures are done, but the page isn't.
  func failed(page: FilePath, reason: String)
  func finished(_ report: BatchReport, plan: BatchPlan, seconds: Double)
}
