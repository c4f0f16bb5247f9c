/// What becomes of a file whose pixels are damaged.
public enum DamagePolicy: String, CaseIterable, Sendable {
  /// It is refused.
  case fail
  /// What could be decoded is used, the rest is blank, and a note says so. (zlib's checksum in a PNG
  /// file isn't looked at; each chunk's CRC is.)
  case keep
}
