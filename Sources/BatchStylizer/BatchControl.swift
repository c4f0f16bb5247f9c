import Layers
import StyleEngine
import Synchronization

/// Watches a run or a study, and stops it, from any thread.
public final class BatchControl: Sendable {
  private struct State {
    var total: Int?
    var finished = 0
    /// Pictures on their way through the run.
    var active: [PictureProgress] = []
    /// Of the networks that run.
    var networks: [ExecutionProgress] = []
    var isCancelled = false
  }

  private let state = Mutex(State())

  /// - Parameter total: Pictures, once for every time that one is on its way.
  public init(total: Int = 0) {
    begin(total: total)
  }

  /// Pictures that have had their turn, of those that aren't skipped, and how much of the whole
  /// work is done, with movement within the pictures on their way. Never falls. Of a stream the total
  /// is nil, and the fraction 0.
  public var progress: (finished: Int, total: Int?, fraction: Double) {
    state.withLock { state in
      let done = state.active.reduce(Double(state.finished)) { $0 + $1.fraction }
      let total = Double(state.total ?? 0)
      let fraction = total > 0 ? min(done / total, 1) : 0
      return (state.finished, state.total, fraction)
    }
  }

  /// Ends the run soon: what is complete stays, nothing else is left behind.
  public func cancel() {
    state.withLock { state in
      state.isCancelled = true
      for network in state.networks { network.cancel() }
    }
  }

  /// Does something with so many pictures through a network alone, watched meanwhile.
  public func watch<Value>(
    _ pictures: Int, _ body: (ExecutionProgress) throws(StyleNetworkError) -> Value
  ) throws(StyleNetworkError) -> Value {
    let progress = ExecutionProgress()
    let watched = (0..<pictures).map { _ in start() }
    for picture in watched { picture.enter(progress, as: .networkAlone) }
    enter(progress)
    defer {
      leave(progress)
      for picture in watched { finish(picture) }
    }
    return try body(progress)
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// - Parameter total: Pictures; nil where they are counted as they come.
  func begin(total: Int?) {
    state.withLock { $0.total = total }
  }

  /// Sends a picture on its way.
  func start() -> PictureProgress {
    let picture = PictureProgress()
    state.withLock { $0.active.append(picture) }
    return picture
  }

  /// Drops a picture that won't go on; that it failed is still to be told.
  func drop(_ picture: PictureProgress) {
    state.withLock { state in state.active.removeAll { $0 === picture } }
  }

  /// Counts a picture that has had its turn, whether it set out or not; one that was skipped is none
  /// of those that are to be done.
  func finish(_ picture: PictureProgress?, wasSkipped: Bool = false) {
    state.withLock { state in
      if wasSkipped { state.total = state.total.map { $0 - 1 } } else { state.finished += 1 }
      state.active.removeAll { $0 === picture }
    }
  }

  /// Notes that a network runs.
  func enter(_ progress: ExecutionProgress) {
    state.withLock { state in
      state.networks.append(progress)
      if state.isCancelled { progress.cancel() }
    }
  }

  /// Notes that it runs no more.
  func leave(_ progress: ExecutionProgress) {
    state.withLock { state in state.networks.removeAll { $0 === progress } }
  }
}
