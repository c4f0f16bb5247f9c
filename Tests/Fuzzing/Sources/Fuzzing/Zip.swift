/// An entry of a ZIP archive, but for its data.
struct ZipEntry {
  var name: [UInt8]
  let method: UInt16
  /// The CRC and the size of what is packed in the data.
  let packed: (crc: UInt32, count: UInt32)

  /// What both headers say.
  private func header(of data: [UInt8]) -> [UInt8] {
    let (crc, count) = method == 0 ? (crc32(of: data), UInt32(data.count)) : packed
    let sizes = littleEndian(UInt32(data.count)) + littleEndian(count)
    return [20, 0, 0, 0] + littleEndian(method) + [0, 0, 0, 0] + littleEndian(crc) + sizes
      + littleEndian(UInt16(name.count)) + [0, 0]
  }

  func localHeader(of data: [UInt8]) -> [UInt8] {
    Self.localSignature + header(of: data) + name
  }

  func directoryHeader(of data: [UInt8], at place: Int) -> [UInt8] {
    Self.directorySignature + [20, 0] + header(of: data) + [UInt8](repeating: 0, count: 10)
      + littleEndian(UInt32(place)) + name
  }

  /// The directory, and the record that is behind it.
  static func end(_ directory: [[UInt8]], at place: Int) -> [UInt8] {
    let bytes = directory.flatMap(\.self)
    let count = littleEndian(UInt16(truncatingIfNeeded: directory.count))
    return bytes + endSignature + [0, 0, 0, 0] + count + count
      + littleEndian(UInt32(bytes.count)) + littleEndian(UInt32(place)) + [0, 0]
  }

  fileprivate static let localSignature = Array("PK\u{3}\u{4}".utf8)
  fileprivate static let directorySignature = Array("PK\u{1}\u{2}".utf8)
  fileprivate static let endSignature = Array("PK\u{5}\u{6}".utf8)
}

extension Pieces {
  /// The entries of an archive, as its directory has them; nil where these bytes are none.
  static func entries(_ bytes: [UInt8]) -> [Piece]? {
    func number(_ count: Int, at offset: Int) -> Int? {
      guard (0...bytes.count - count).contains(offset) else { return nil }
      return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let end = bytes.count - 22
    guard end >= 0, bytes[end...].starts(with: ZipEntry.endSignature),
      let count = number(2, at: end + 10), var header = number(4, at: end + 16)
    else { return nil }
    var entries: [Piece] = []
    for _ in 0..<count {
      guard bytes.dropFirst(header).starts(with: ZipEntry.directorySignature),
        let method = number(2, at: header + 10), let crc = number(4, at: header + 16),
        let size = number(4, at: header + 20), let packed = number(4, at: header + 24),
        let name = number(2, at: header + 28), let extra = number(2, at: header + 30),
        let comment = number(2, at: header + 32), let local = number(4, at: header + 42),
        let localName = number(2, at: local + 26), let localExtra = number(2, at: local + 28)
      else { return nil }
      let entry = ZipEntry(
        name: Array(bytes.dropFirst(header + 46).prefix(name)), method: UInt16(method),
        packed: (UInt32(crc), UInt32(packed)))
      let data = bytes.dropFirst(local + 30 + localName + localExtra).prefix(size)
      entries.append(.entry(entry, Array(data)))
      header += 46 + name + extra + comment
    }
    return entries.isEmpty ? nil : entries
  }
}
