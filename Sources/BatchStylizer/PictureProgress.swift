import Layers
import StyleEngine
import Synchronization

/// The progress of one picture on its way, 0…1. Never falls.
final class PictureProgress: Sendable {
  /// A part of the way, with its share of the time, about.
  enum Stage {
    case decoding, network, encoding
    /// The way from file to file, where no network runs.
    case copying
    /// The way through the network, where nothing else is counted.
    case networkAlone

    var range: ClosedRange<Double> {
      switch self {
      case .decoding: CostModel.decoding
      case .network: CostModel.network
      case .encoding: CostModel.encoding
      case .copying, .networkAlone: 0...1
      }
    }

    /// Gives the progress of a picture that has done so much of the stage.
    func fraction(_ done: Double) -> Double {
      range.lowerBound + min(done, 1) * (range.upperBound - range.lowerBound)
    }
  }

  private struct State {
    var fraction = 0.0
    var network: ExecutionProgress?
    var stage = Stage.network
    /// The work that was done before the clock was started last.
    var worked = Duration.zero
    /// When that was; nil while the picture waits.
    var clock: ContinuousClock.Instant? = .now

    mutating func stopClock() {
      worked += clock.map { .now - $0 } ?? .zero
      clock = nil
    }
  }

  private let state = Mutex(State())

  /// How long the picture has been worked on. Where it waited for its turn doesn't count.
  var seconds: Double {
    state.withLock { ($0.worked + ($0.clock.map { .now - $0 } ?? .zero)) / .seconds(1) }
  }

  /// Notes that the picture waits for its turn.
  func wait() { state.withLock { $0.stopClock() } }

  /// Notes that it is worked on again.
  func proceed() {
    state.withLock { state in
      if state.clock == nil { state.clock = .now }
    }
  }

  var fraction: Double {
    state.withLock { state in
      guard let network = state.network, network.total > 0 else { return state.fraction }
      return state.stage.fraction(Double(network.completed) / Double(network.total))
    }
  }

  /// Notes how many rows of a stage are done.
  func advance(_ stage: Stage, row: Int, of height: Int) {
    state.withLock { $0.fraction = stage.fraction(Double(row) / Double(height)) }
  }

  /// Notes that the network turns to the picture.
  func enter(_ network: ExecutionProgress, as stage: Stage = .network) {
    proceed()
    state.withLock { state in
      state.network = network
      state.stage = stage
    }
  }

  /// Notes that the network is done with the picture, which waits to be written.
  func leave() {
    state.withLock { state in
      state.stopClock()
      state.network = nil
      state.fraction = Stage.network.range.upperBound
    }
  }
}
