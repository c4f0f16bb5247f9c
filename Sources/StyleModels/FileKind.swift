/// What a file of ours holds.
public enum FileKind: String, CaseIterable, Sendable {
  /// The convolutions that many styles share.
  case base
  /// What is a style's own: it needs its base.
  case style
  /// Both in one.
  case network
}
