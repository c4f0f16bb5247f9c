import Layers
import StyleEngine
import Synchronization

/// How far one picture is on its way, 0…1. Never falls.
final class PictureProgress: Sendable {
  /// What a stage is of the whole way, in time, about.
  enum Stage {
    case decoding, network, encoding
    /// From file to file, where no network runs.
    case copying

    var range: ClosedRange<Double> {
      switch self {
      case .decoding: 0...0.04
      case .network: 0.04...0.92
      case .encoding: 0.92...1
      case .copying: 0...1
      }
    }
  }

  private struct State {
    var fraction = 0.0
    var network: ExecutionProgress?
  }

  private let state = Mutex(State())

  var fraction: Double {
    state.withLock { state in
      guard let network = state.network, network.total > 0 else { return state.fraction }
      let done = Double(network.completed) / Double(network.total)
      let range = Stage.network.range
      return range.lowerBound + min(done, 1) * (range.upperBound - range.lowerBound)
    }
  }

  /// So many rows of a stage are done.
  func advance(_ stage: Stage, row: Int, of height: Int) {
    let range = stage.range
    let done = Double(row) / Double(height)
    state.withLock { state in
      state.fraction = range.lowerBound + done * (range.upperBound - range.lowerBound)
    }
  }

  /// The network turns to it.
  func enter(_ network: ExecutionProgress) {
    state.withLock { $0.network = network }
  }

  /// The network is done with it.
  func leave() {
    state.withLock { state in
      state.network = nil
      state.fraction = Stage.network.range.upperBound
    }
  }
}
