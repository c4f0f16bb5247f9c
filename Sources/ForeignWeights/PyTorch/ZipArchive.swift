/// The entries of a ZIP archive as `torch.save` writes it: stored, each with its bytes to itself.
///
/// Format: PKWARE's APPNOTE 6.3.10. The directory at the end is what counts; each entry's own header
/// must agree with it. Checksums are not looked at, as PyTorch can be told to leave them out. PyTorch
/// always writes ZIP64's end record, too; it must say the same.
struct ZipArchive {
  /// The bytes of each entry, by name.
  let entries: [String: Range<Int>]

  /// The longest directory that is read, in bytes: one of some 10,000 entries.
  private static let directoryLimit = 1 << 20

  /// Reads the directory.
  ///
  /// - Throws: `PyTorchFault.archive` or `.entry`, which names the first entry at fault.
  /// - Complexity: O(*n* log *n*) in entries, whatever their size.
  init(_ source: ByteSource) throws(PyTorchFault) {
    let directory = try Self.directory(of: source)
    guard directory.range.count <= Self.directoryLimit else {
      throw .archive(
        .directoryTooLong(bytes: directory.range.count, limit: Self.directoryLimit))
    }
    let bytes = try source.bytes(directory.range)
    var position = 0
    var entries: [String: Range<Int>] = [:]
    var places: [(name: String, range: Range<Int>)] = []
    for _ in 0..<directory.entries {
      guard let header = CentralHeader(bytes, at: position) else {
        throw .archive(.brokenDirectory(offset: directory.range.lowerBound + position))
      }
      position = header.end
      let data = try header.data(in: source, before: directory.range.lowerBound)
      guard entries.updateValue(data, forKey: header.name) == nil else {
        throw .entry(header.name, .duplicate)
      }
      places.append((header.name, header.localHeader..<data.upperBound))
    }
    guard position == bytes.count else {
      throw .archive(.brokenDirectory(offset: directory.range.lowerBound + position))
    }
    places.sort { $0.range.lowerBound < $1.range.lowerBound }
    for (first, second) in zip(places, places.dropFirst())
    where second.range.lowerBound < first.range.upperBound {
      throw .entry(second.name, .overlap(with: first.name))
    }
    self.entries = entries
  }

  /// Finds the directory by the record at the file's end.
  private static func directory(
    of source: ByteSource
  ) throws(PyTorchFault) -> (range: Range<Int>, entries: Int) {
    let (endBytes, locatorBytes, end64Bytes) = (22, 20, 56)
    let tail = try source.bytes(
      max(0, source.count - endBytes - locatorBytes - end64Bytes)..<source.count)
    let end = tail.count - endBytes
    func field<Integer: FixedWidthInteger>(_ offset: Int, _ type: Integer.Type) -> Int? {
      tail.integer(at: end + offset, as: type)
    }
    guard field(0, UInt32.self) == 0x0605_4b50, let entries = field(10, UInt16.self),
      let size = field(12, UInt32.self), let offset = field(16, UInt32.self),
      field(4, UInt32.self) == 0, field(8, UInt16.self) == entries, field(20, UInt16.self) == 0
    else { throw .archive(.noDirectory) }
    guard entries < 0xFFFF, size < 0xFFFF_FFFF, offset < 0xFFFF_FFFF else {
      throw .archive(.zip64)
    }
    var directoryEnd = source.count - endBytes
    if field(-locatorBytes, UInt32.self) == 0x0706_4b50 {
      directoryEnd -= locatorBytes + end64Bytes
      let end64 = -locatorBytes - end64Bytes
      guard field(end64, UInt32.self) == 0x0606_4b50, field(end64 + 24, Int64.self) == entries,
        field(end64 + 32, Int64.self) == entries, field(end64 + 40, Int64.self) == size,
        field(end64 + 48, Int64.self) == offset,
        field(-locatorBytes + 8, Int64.self) == directoryEnd
      else { throw .archive(.zip64) }
    }
    guard offset + size == directoryEnd else { throw .archive(.noDirectory) }
    return (offset..<directoryEnd, entries)
  }
}

/// What the directory says of one entry.
private struct CentralHeader {
  let name: String
  let localHeader: Int
  /// The end of this header among the directory's bytes.
  let end: Int
  private let flags: Int
  private let method: Int
  private let compressed: Int
  private let size: Int

  init?(_ bytes: [UInt8], at start: Int) {
    func field<Integer: FixedWidthInteger>(_ offset: Int, _ type: Integer.Type) -> Int? {
      bytes.integer(at: start + offset, as: type)
    }
    guard field(0, UInt32.self) == 0x0201_4b50, let flags = field(8, UInt16.self),
      let method = field(10, UInt16.self), let compressed = field(20, UInt32.self),
      let size = field(24, UInt32.self), let name = field(28, UInt16.self),
      let extra = field(30, UInt16.self), let comment = field(32, UInt16.self),
      let localHeader = field(42, UInt32.self),
      start + 46 + name + extra + comment <= bytes.count,
      let text = String(validating: bytes[start + 46..<start + 46 + name], as: UTF8.self)
    else { return nil }
    self.name = text
    self.localHeader = localHeader
    end = start + 46 + name + extra + comment
    (self.flags, self.method, self.compressed, self.size) = (flags, method, compressed, size)
  }

  /// The entry's bytes, which end before the directory begins.
  func data(in source: ByteSource, before directory: Int) throws(PyTorchFault) -> Range<Int> {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if name.contains("\\") || name.contains("\0") || parts.contains(where: isNoName) {
      throw .entry(name, .unsafeName)
    }
    if flags & 1 != 0 { throw .entry(name, .encrypted) }
    if method != 0 {
      // Programs' texts are compressed, and nothing else.
      throw parts.dropFirst().first == "code"
        ? .torchScript : .entry(name, .compressed(method: method))
    }
    if [compressed, size, localHeader].contains(0xFFFF_FFFF) { throw .archive(.zip64) }
    let headerBytes = 30
    guard localHeader <= directory - headerBytes else { throw .entry(name, .outside) }
    let nameBytes = name.utf8.count
    let header = try source.bytes(
      localHeader..<min(localHeader + headerBytes + nameBytes, directory))
    // Sizes are 0 where they follow the data, as PyTorch writes it.
    guard compressed == size, header.integer(at: 0, as: UInt32.self) == 0x0403_4b50,
      header.integer(at: 6, as: UInt16.self) == flags, header.integer(at: 8, as: UInt16.self) == 0,
      let localSize = header.integer(at: 22, as: UInt32.self), [0, size].contains(localSize),
      header.integer(at: 26, as: UInt16.self) == nameBytes,
      let extra = header.integer(at: 28, as: UInt16.self),
      header.dropFirst(headerBytes).elementsEqual(name.utf8)
    else { throw .entry(name, .contradiction) }
    let start = localHeader + headerBytes + nameBytes + extra
    guard start + size <= directory else { throw .entry(name, .outside) }
    return start..<start + size
  }

  /// Whether part of a path leads elsewhere than down.
  private func isNoName(_ part: Substring) -> Bool { ["", ".", ".."].contains(part) }
}
