import SystemPackage

extension FilePath {
  /// Whether this is `-`, standard input or output.
  public var isStandardStream: Bool { self == "-" }
}
