import StyleEngine

/// A note on what an experiment leaves out, and why.
public enum ExperimentNote: Equatable, Sendable, CustomStringConvertible {
  /// A norm that the network can't be normalized with.
  case leftOut(norm: String, StyleNetworkError)
  /// Live batch norm, for want of a second picture.
  case singlePicture

  public var description: String {
    switch self {
    case .leftOut(let norm, let error): "\(norm) is left out: \(error)"
    case .singlePicture: "batch-live is left out: of one picture alone it is instance norm"
    }
  }
}
