/// The treatment of a file whose pixels are damaged.
public enum DamagePolicy: String, CaseIterable, Sendable {
  /// The file is refused.
  case fail
  /// The pixels that could be decoded are used, the rest is blank, and a note says so. (zlib's
  /// checksum in a PNG file isn't looked at; each chunk's CRC is.)
  case keep
}
