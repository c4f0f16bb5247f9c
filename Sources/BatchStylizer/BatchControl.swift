import StyleNetwork
import Synchronization

/// Watches a run, and stops it, from any thread.
public final class BatchControl: Sendable {
  private struct State {
    var total = 0
    var finished = 0
    var current: (progress: ExecutionProgress, pictures: Int)?
    var isCancelled = false
    /// The furthest that `progress` has told of: a picture between the network and the end of its
    /// file is counted by neither for a while.
    var reached = 0.0
  }

  private let state = Mutex(State())

  public init() {}

  /// Pictures that have had their turn, and that of the network's with movement within it. The
  /// fraction never goes back.
  public var progress: (finished: Int, total: Int, fraction: Double) {
    state.withLock { state in
      var done = Double(state.finished)
      if let (progress, pictures) = state.current, progress.total > 0 {
        done += Double(progress.completed) / Double(progress.total) * Double(pictures)
      }
      let fraction = state.total > 0 ? min(done / Double(state.total), 1) : 0
      state.reached = max(state.reached, fraction)
      return (state.finished, state.total, state.reached)
    }
  }

  /// Ends the run soon: what is complete stays, nothing else is left behind.
  public func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.current?.progress.cancel()
    }
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func begin(total: Int) {
    state.withLock { $0.total = total }
  }

  /// The network turns to so many pictures.
  func enter(_ progress: ExecutionProgress, pictures: Int) {
    state.withLock { state in
      state.current = (progress, pictures)
      if state.isCancelled { progress.cancel() }
    }
  }

  func leave() {
    state.withLock { $0.current = nil }
  }

  func finish() {
    state.withLock { $0.finished += 1 }
  }
}
