/// What a file of ours holds.
public enum FileKind: String, CaseIterable, Sendable {
  /// The convolutions that many styles share.
  case base
  /// What is a style's own: it needs its base.
  case style
  /// Both in one.
  case network
  /// Features by which pictures are compared in training.
  case lossNetwork = "loss-network"
  /// All that a training goes on from.
  case checkpoint

  /// Whether a picture can be painted with it.
  public var isStyle: Bool { self == .style || self == .network }
}
