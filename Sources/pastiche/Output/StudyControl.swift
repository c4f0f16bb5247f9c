import Layers
import StyleEngine
import Synchronization

/// Watches a study of many pictures, and stops it, from any thread.
final class StudyControl: Sendable {
  private struct State {
    var finished = 0
    var current: (progress: ExecutionProgress, pictures: Int)?
    var isCancelled = false
  }

  private let state = Mutex(State())
  /// Pictures, once for every time that one is looked at.
  let total: Int

  init(total: Int) {
    self.total = total
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  var progress: (finished: Int, total: Int, fraction: Double) {
    state.withLock { state in
      var done = Double(state.finished)
      if let (progress, pictures) = state.current, progress.total > 0 {
        done += Double(progress.completed) / Double(progress.total) * Double(pictures)
      }
      return (state.finished, total, total > 0 ? min(done / Double(total), 1) : 0)
    }
  }

  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.current?.progress.cancel()
    }
  }

  /// Does something with pictures, watched meanwhile.
  func watch<Value>(
    _ pictures: Int, _ body: (ExecutionProgress) throws(StyleNetworkError) -> Value
  ) throws(StyleNetworkError) -> Value {
    let progress = ExecutionProgress()
    state.withLock { state in
      state.current = (progress, pictures)
      if state.isCancelled { progress.cancel() }
    }
    defer {
      state.withLock { state in
        state.current = nil
        state.finished += pictures
      }
    }
    return try body(progress)
  }
}
