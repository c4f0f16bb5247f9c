/// A file taken apart, so that each piece can be changed for itself; put together again, the lengths and
/// checks around the pieces are right.
struct Pieces {
  enum Piece {
    /// Bytes as they stand.
    case plain([UInt8])
    /// PNG's: a length, a name of four letters, data, a CRC.
    case chunk(name: [UInt8], [UInt8])
    /// JPEG's: a marker, a length, data.
    case segment(marker: UInt8, [UInt8])
    /// What a safetensors file begins with: a length, JSON.
    case header([UInt8])
    /// A ZIP archive's: a header, data; again in the directory at the end.
    case entry(ZipEntry, [UInt8])
    /// Protobuf's: a number of the field and its kind, data as the kind has it.
    case field(key: [UInt8], [UInt8])

    var data: [UInt8] {
      get {
        switch self {
        case .plain(let data), .chunk(_, let data), .segment(_, let data), .header(let data),
          .entry(_, let data), .field(_, let data):
          data
        }
      }
      set {
        switch self {
        case .plain: self = .plain(newValue)
        case .chunk(let name, _): self = .chunk(name: name, newValue)
        case .segment(let marker, _):
          self = .segment(marker: marker, Array(newValue.prefix(65_533)))
        case .header: self = .header(newValue)
        case .entry(let entry, _): self = .entry(entry, newValue)
        case .field(let key, _): self = .field(key: key, newValue)
        }
      }
    }

    var bytes: [UInt8] {
      switch self {
      case .plain(let data):
        data
      case .chunk(let name, let data):
        bigEndian(UInt32(data.count)) + name + data + bigEndian(crc32(of: name + data))
      case .segment(let marker, let data):
        [0xFF, marker] + bigEndian(UInt16(data.count + 2)) + data
      case .header(let data):
        littleEndian(UInt64(data.count)) + data
      case .entry(let entry, let data):
        entry.localHeader(of: data) + data
      case .field(let key, let data):
        key + Self.fieldContents(data, key: key)
      }
    }
  }

  var pieces: [Piece] = []

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    var directory: [[UInt8]] = []
    for piece in pieces {
      if case .entry(let entry, let data) = piece {
        directory.append(entry.directoryHeader(of: data, at: bytes.count))
      }
      bytes += piece.bytes
    }
    return directory.isEmpty ? bytes : bytes + ZipEntry.end(directory, at: bytes.count)
  }
}

extension Pieces {
  /// Takes apart pictures, one after the other, a safetensors file, a ZIP archive or a message of
  /// protobuf's. What can't be told apart is one piece.
  init(_ bytes: [UInt8]) {
    if let whole = Self.entries(bytes) ?? Self.fields(bytes) {
      pieces = whole
      return
    }
    var rest = bytes[...]
    if let header = Self.header(rest) {
      pieces.append(.header(header))
      rest = rest.dropFirst(8 + header.count)
    }
    while let picture = takePNG(rest) ?? takeJPEG(rest) { rest = picture }
    if !rest.isEmpty { pieces.append(.plain(Array(rest))) }
  }

  private static func header(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    let start = bytes.startIndex
    guard bytes.count > 8, bytes[start + 8] == UInt8(ascii: "{") else { return nil }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else { return nil }
    return Array(bytes.dropFirst(8).prefix(Int(length)))
  }

  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Takes a picture's pieces; nil where there is none, else what is behind it.
  private mutating func takePNG(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.starts(with: Self.pngSignature) else { return nil }
    pieces.append(.plain(Self.pngSignature))
    var rest = bytes.dropFirst(Self.pngSignature.count)
    while rest.count >= 12 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard length <= rest.count - 12 else { break }
      let name = Array(rest.dropFirst(4).prefix(4))
      pieces.append(.chunk(name: name, Array(rest.dropFirst(8).prefix(length))))
      rest = rest.dropFirst(12 + length)
      if name == Array("IEND".utf8) { break }
    }
    return rest
  }

  private mutating func takeJPEG(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    pieces.append(.plain([0xFF, 0xD8]))
    var rest = bytes.dropFirst(2)
    while rest.count >= 4, rest.first == 0xFF {
      let marker = rest[rest.startIndex + 1]
      if marker == 0xD9 {
        pieces.append(.plain([0xFF, 0xD9]))
        return rest.dropFirst(2)
      }
      let length = Int(rest[rest.startIndex + 2]) << 8 | Int(rest[rest.startIndex + 3])
      guard length >= 2, length <= rest.count - 2 else { break }
      pieces.append(.segment(marker: marker, Array(rest.dropFirst(4).prefix(length - 2))))
      rest = rest.dropFirst(2 + length)
      guard marker == 0xDA else { continue }
      // A scan's bytes go up to the next marker that isn't one of theirs.
      let end = rest.indices.first { index in
        let next = index + 1
        return rest[index] == 0xFF && next < rest.endIndex && rest[next] != 0
          && !(0xD0...0xD7).contains(rest[next])
      }
      pieces.append(.plain(Array(rest[..<(end ?? rest.endIndex)])))
      rest = rest[(end ?? rest.endIndex)...]
    }
    return rest
  }
}

private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian, Array.init)
}

func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian, Array.init)
}
