/// A TIFF structure in memory, read with every bound checked.
struct TIFFStructure {
  /// Where an entry of a directory stands, and what it is.
  struct Entry: Equatable {
    var tag: Int
    var type: Int
    var count: Int
    /// Where its four bytes of value, or of offset to it, begin.
    var valueOffset: Int
  }

  private(set) var bytes: [UInt8]
  let isLittleEndian: Bool

  /// Nil where `bytes` don't begin with a TIFF header (an EXIF header before it is passed over).
  init?(_ bytes: [UInt8]) {
    let structure =
      bytes.starts(with: EXIF.header) ? Array(bytes.dropFirst(EXIF.header.count)) : bytes
    switch structure.prefix(4) {
    case [0x49, 0x49, 42, 0]: isLittleEndian = true
    case [0x4D, 0x4D, 0, 42]: isLittleEndian = false
    default: return nil
    }
    self.bytes = structure
  }

  /// Where the first directory begins, or 0.
  var firstDirectory: Int { integer(at: 4, size: 4) ?? 0 }

  /// The entries of the directory at `offset`, as many as the bytes hold.
  func entries(inDirectoryAt offset: Int) -> [Entry] {
    guard offset >= 8, let count = integer(at: offset, size: 2) else { return [] }
    return (0..<count).compactMap { index in
      let start = offset + 2 + 12 * index
      guard start + 12 <= bytes.count,
        let tag = integer(at: start, size: 2), let type = integer(at: start + 2, size: 2),
        let count = integer(at: start + 4, size: 4)
      else { return nil }
      return Entry(tag: tag, type: type, count: count, valueOffset: start + 8)
    }
  }

  func entry(_ tag: Int, inDirectoryAt offset: Int) -> Entry? {
    entries(inDirectoryAt: offset).first { $0.tag == tag }
  }

  /// The first value of an entry of type BYTE, SHORT or LONG.
  func integer(_ entry: Entry) -> Int? {
    guard entry.count > 0, let size = [1: 1, 3: 2, 4: 4][entry.type] else { return nil }
    return integer(at: entry.valueOffset, size: size)
  }

  private func integer(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - size else { return nil }
    let digits = bytes[offset..<offset + size]
    return isLittleEndian
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
  }
}
