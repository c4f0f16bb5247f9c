import BatchStylizer
import Glibc
import Synchronization

/// What is said and written at the end of a run, once, whichever of its two ends comes first: its own,
/// or that of patience with it.
final class Conclusion: Sendable {
  private let hasCome = Mutex(false)
  private let conclude: @Sendable (BatchReport) -> Bool

  /// - Parameter conclude: Gives whether all went well.
  init(_ conclude: @escaping @Sendable (BatchReport) -> Bool) {
    self.conclude = conclude
  }

  /// Comes to the end, or, where another thread has, waits for the process to.
  @discardableResult
  func come(_ report: BatchReport) -> Bool {
    let isFirst = hasCome.withLock { hasCome in
      defer { hasCome = true }
      return !hasCome
    }
    if isFirst { return conclude(report) }
    while true { pause() }
  }
}
