/// The fields of a protobuf message one after the other, not decoded.
///
/// A model is walked by this down to its nodes and tensors, which swift-protobuf decodes each by
/// itself: so the whole file's values are never in memory twice, and a graph of millions of empty
/// nodes, two bytes each in the file and a hundred in memory, is refused before it is made.
struct ProtobufFields {
  struct Field {
    let number: UInt64
    /// All of its bytes.
    let range: Range<Int>
    /// The contents of a field that has a length; nil for numbers.
    let content: Range<Int>?
  }

  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(of bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field; nil at the end.
  ///
  /// - Throws: `ONNXError.malformed`, `.truncated`.
  mutating func next() throws(ONNXError) -> Field? {
    guard position < end else { return nil }
    let start = position
    let key = try varint()
    var content: Range<Int>?
    switch key & 7 {
    case 0: _ = try varint()
    case 1: try skip(8)
    case 2:
      let length = try varint()
      guard length <= UInt64(end - position) else {
        throw .truncated(at: start, length: length, left: end - position)
      }
      content = position..<position + Int(length)
      position += Int(length)
    case 5: try skip(4)
    default: throw .malformed(at: start)
    }
    guard key >> 3 > 0 else { throw .malformed(at: start) }
    return Field(number: key >> 3, range: start..<position, content: content)
  }

  private mutating func skip(_ count: Int) throws(ONNXError) {
    guard count <= end - position else {
      throw .truncated(at: position, length: UInt64(count), left: end - position)
    }
    position += count
  }

  /// Reads seven bits a byte, the lowest first, until a byte below 128.
  private mutating func varint() throws(ONNXError) -> UInt64 {
    var value: UInt64 = 0
    for (place, byte) in bytes[position..<end].prefix(10).enumerated() {
      value |= UInt64(byte & 0x7F) << UInt64(7 * place)
      if byte < 0x80 {
        position += place + 1
        return value
      }
    }
    throw .malformed(at: position)
  }
}
