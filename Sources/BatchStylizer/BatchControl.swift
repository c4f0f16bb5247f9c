import StyleNetwork
import Synchronization

/// Watches a run, and stops it, from any thread.
public final class BatchControl: Sendable {
  private struct State {
    var total = 0
    var finished = 0
    /// Pictures that the network is done with and that aren't finished.
    var repainted = 0
    var current: (progress: ExecutionProgress, pictures: Int)?
    var isCancelled = false
  }

  private let state = Mutex(State())

  public init() {}

  /// Pictures that have had their turn, of those that aren't skipped, and how much of the whole
  /// work is done, with movement within the pictures that the network is at. Never falls.
  public var progress: (finished: Int, total: Int, fraction: Double) {
    state.withLock { state in
      var done = Double(state.finished + state.repainted)
      if let (progress, pictures) = state.current, progress.total > 0 {
        done += Double(progress.completed) / Double(progress.total) * Double(pictures)
      }
      let fraction = state.total > 0 ? min(done / Double(state.total), 1) : 0
      return (state.finished, state.total, fraction)
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

  /// The network is done with them, `repainted` of them well.
  func leave(repainted: Int) {
    state.withLock { state in
      state.current = nil
      state.repainted += repainted
    }
  }

  func finish(wasRepainted: Bool) {
    state.withLock { state in
      state.finished += 1
      if wasRepainted { state.repainted -= 1 }
    }
  }
}
