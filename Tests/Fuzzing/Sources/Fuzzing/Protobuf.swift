extension Pieces {
  /// The fields of a message; nil where these bytes are none, or one of nothing.
  static func fields(_ bytes: [UInt8]) -> [Piece]? {
    var fields: [Piece] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let key = varint(rest) else { return nil }
      rest = rest.dropFirst(key.count)
      var count: Int
      switch key[key.startIndex] & 7 {
      case 0: count = varint(rest)?.count ?? .max
      case 1: count = 8
      case 2:
        guard let length = varint(rest) else { return nil }
        rest = rest.dropFirst(length.count)
        count = length.reversed().reduce(0) { $0 << 7 | Int($1 & 0x7F) }
      case 5: count = 4
      default: return nil
      }
      guard (0...rest.count).contains(count) else { return nil }
      fields.append(.field(key: Array(key), Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    return fields.isEmpty ? nil : fields
  }

  /// The number that bytes begin with: of ten bytes at most, all but the last with the highest bit.
  private static func varint(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let last = bytes.prefix(10).firstIndex(where: { $0 < 0x80 }) else { return nil }
    return bytes[...last]
  }
}

extension Pieces.Piece {
  /// A field's data made to fit its kind: a number or, behind their length, bytes.
  static func fieldContents(_ data: [UInt8], key: [UInt8]) -> [UInt8] {
    switch key[0] & 7 {
    case 0:
      let bytes = data.isEmpty ? [0] : data.prefix(10)
      return bytes.dropLast().map { $0 | 0x80 } + bytes.suffix(1).map { $0 & 0x7F }
    case 1: return Array((data + [UInt8](repeating: 0, count: 8)).prefix(8))
    case 5: return Array((data + [UInt8](repeating: 0, count: 4)).prefix(4))
    default: return varint(data.count) + data
    }
  }

  private static func varint(_ number: Int) -> [UInt8] {
    number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7F) | 0x80] + varint(number >> 7)
  }
}
