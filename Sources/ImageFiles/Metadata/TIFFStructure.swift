/// A TIFF structure in memory, read and changed with every bound checked.
struct TIFFStructure {
  /// The place of a directory's entry, and what it is.
  struct Entry: Equatable {
    var tag: Int
    var type: Int
    var count: Int
    /// The place where its four bytes of value, or of offset to it, begin.
    var valueOffset: Int
  }

  private(set) var bytes: [UInt8]
  let isLittleEndian: Bool

  /// Reads a structure; nil where `bytes` don't begin with a TIFF header (an EXIF header before it
  /// is passed over).
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

  /// The place where the first directory begins, or 0.
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

  /// Finds where the directory begins that an entry points to.
  func directory(_ tag: Int, inDirectoryAt offset: Int) -> Int? {
    entry(tag, inDirectoryAt: offset).flatMap(integer)
  }

  /// The value of an entry of one BYTE, SHORT, LONG or IFD; of several, an offset may stand there.
  func integer(_ entry: Entry) -> Int? {
    guard entry.count == 1, let size = Self.integerSizes[entry.type] else { return nil }
    return integer(at: entry.valueOffset, size: size)
  }

  /// The four bytes where a short value stands.
  func inlineBytes(_ entry: Entry) -> ArraySlice<UInt8> {
    bytes[entry.valueOffset..<entry.valueOffset + 4]
  }

  /// Sets the value of an entry of one BYTE, SHORT or LONG, where there is one.
  mutating func setInteger(_ tag: Int, inDirectoryAt offset: Int, to value: Int) {
    guard let entry = entry(tag, inDirectoryAt: offset), entry.count == 1,
      let size = Self.integerSizes[entry.type]
    else { return }
    // Four bytes are there for the value, whatever its type.
    let needsLong = value >= 1 << (8 * size)
    if needsLong { write(4, at: entry.valueOffset - 6, size: 2) }
    write(value, at: entry.valueOffset, size: needsLong ? 4 : size)
  }

  /// Takes an entry out of a directory.
  ///
  /// - Returns: Whether there was one.
  mutating func removeEntry(_ tag: Int, inDirectoryAt offset: Int) -> Bool {
    (removeEntries(inDirectoryAt: offset) { $0.tag == tag } ?? 0) > 0
  }

  /// Takes the entries out of a directory whose values lie beyond the bytes, whose type there isn't,
  /// or that should point to a directory (`pointers`) and don't; how many, or nil where the directory
  /// itself is cut short.
  mutating func removeBrokenEntries(inDirectoryAt offset: Int, pointers: Set<Int>) -> Int? {
    let structure = self
    return removeEntries(inDirectoryAt: offset) { entry in
      !structure.isSound(entry, isPointer: pointers.contains(entry.tag))
    }
  }

  /// How many entries it took out; nil where the directory is cut short.
  private mutating func removeEntries(
    inDirectoryAt offset: Int, where isUnwanted: (Entry) -> Bool
  ) -> Int? {
    let entries = entries(inDirectoryAt: offset)
    guard offset >= 8, let count = integer(at: offset, size: 2), entries.count == count,
      let next = integer(at: offset + 2 + 12 * count, size: 4)
    else { return nil }
    let rest = entries.filter { !isUnwanted($0) }
    guard rest.count < count else { return 0 }
    let kept = rest.flatMap { bytes[($0.valueOffset - 8)..<($0.valueOffset + 4)] }
    bytes.replaceSubrange(offset + 2..<offset + 2 + kept.count, with: kept)
    write(rest.count, at: offset, size: 2)
    write(next, at: offset + 2 + kept.count, size: 4)
    return count - rest.count
  }

  private func isSound(_ entry: Entry, isPointer: Bool) -> Bool {
    // BYTE, ASCII, SHORT, LONG, RATIONAL, the same with sign, UNDEFINED, FLOAT, DOUBLE, IFD
    let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4]
    guard let size = sizes[entry.type] else { return false }
    if isPointer {
      guard let target = integer(entry), target >= 8 else { return false }
      return integer(at: target, size: 2) != nil
    }
    guard size * entry.count > 4 else { return true }
    guard let start = integer(at: entry.valueOffset, size: 4) else { return false }
    return start + size * entry.count <= bytes.count
  }

  /// Makes the directory at `offset` the last of its chain; where the next one was.
  mutating func unlinkDirectory(after offset: Int) -> Int? {
    guard offset >= 8, let count = integer(at: offset, size: 2),
      let next = integer(at: offset + 2 + 12 * count, size: 4), next != 0
    else { return nil }
    write(0, at: offset + 2 + 12 * count, size: 4)
    return next
  }

  /// Zeroes a range, or cuts it off where it is the end.
  mutating func erase(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<bytes.count)
    bytes.replaceSubrange(
      range, with: repeatElement(0, count: range.upperBound == bytes.count ? 0 : range.count))
  }

  private static let integerSizes = [1: 1, 3: 2, 4: 4, 13: 4]

  /// - Precondition: the bytes are there, as an entry was read from them.
  private mutating func write(_ value: Int, at offset: Int, size: Int) {
    for index in 0..<size {
      let shift = 8 * (isLittleEndian ? index : size - 1 - index)
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }

  private func integer(at offset: Int, size: Int) -> Int? {
    bytes.span.integer(at: offset, size: size, isLittleEndian: isLittleEndian)
  }
}
