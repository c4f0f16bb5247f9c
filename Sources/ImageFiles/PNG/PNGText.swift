/// A text chunk taken apart (PNG, third edition, 11.3.3).
struct PNGText {
  /// The keyword in Latin-1, 1 to 79 printable letters.
  let keyword: String
  /// The text as it stands, deflated or not.
  private let stored: ArraySlice<UInt8>
  private let isDeflated: Bool
  private let isUTF8: Bool

  /// The most that the texts of a file may expand to together.
  static let maximumBytes = 1 << 24

  /// Reads a chunk; nil where it is no valid text.
  init?(chunk: String, _ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: 0), (1...79).contains(end),
      bytes[..<end].allSatisfy({ (0x20...0x7E).contains($0) || $0 >= 0xA1 }),
      bytes[0] != 0x20, bytes[end - 1] != 0x20
    else { return nil }
    keyword = String(String.UnicodeScalarView(bytes[..<end].map { Unicode.Scalar($0) }))
    let rest = bytes[(end + 1)...]
    switch chunk {
    case "tEXt":
      guard !rest.contains(0) else { return nil }
      (stored, isDeflated, isUTF8) = (rest, false, false)
    case "zTXt":
      guard rest.first == 0 else { return nil }
      (stored, isDeflated, isUTF8) = (rest.dropFirst(), true, false)
    case "iTXt":
      guard rest.count >= 4, let flag = rest.first, flag <= 1, rest[rest.startIndex + 1] == 0
      else { return nil }
      // A language and a translated keyword, each up to a NUL.
      let behind = rest.dropFirst(2)
        .drop { $0 != 0 }.dropFirst()
        .drop { $0 != 0 }
      guard !behind.isEmpty else { return nil }
      (stored, isDeflated, isUTF8) = (behind.dropFirst(), flag == 1, true)
    default: return nil
    }
  }

  /// The bytes that a text expands to, and whether those are all of it; takes no memory for them.
  ///
  /// - Parameter maximumBytes: Where expanding ends.
  func expandedCount(maximumBytes: Int) -> (count: Int, isWhole: Bool) {
    isDeflated
      ? Zlib.expandedCount(of: stored, maximumBytes: maximumBytes) : (stored.count, true)
  }

  /// The text in UTF-8, or nil where it is broken or has more bytes as it stands.
  func utf8(maximumBytes: Int) -> [UInt8]? {
    let plain =
      isDeflated
      ? Zlib.inflated(stored, maximumBytes: maximumBytes)
      : stored.count <= maximumBytes ? Array(stored) : nil
    guard !isUTF8 else { return plain }
    return plain?.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
  }
}
