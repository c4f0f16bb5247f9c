/// The fields of a protobuf message one after the other, not decoded.
///
/// A model is walked by this down to its nodes and tensors, which swift-protobuf decodes each by
/// itself: so the whole file's values are never in memory twice, and a graph of millions of empty
/// nodes, two bytes each in the file and a hundred in memory, is refused before it is made.
struct ProtobufFields {
  struct Field {
    let number: UInt64
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
    return Field(number: key >> 3, content: content)
  }

  private mutating func skip(_ count: Int) throws(ONNXError) {
    guard count <= end - position else {
      throw .truncated(at: position, length: UInt64(count), left: end - position)
    }
    position += count
  }

  private mutating func varint() throws(ONNXError) -> UInt64 {
    var read = 0
    let value = UInt64(varint: bytes[position..<end], read: &read)
    guard let value else { throw .malformed(at: position) }
    position += read
    return value
  }
}

extension UInt64 {
  /// Reads seven bits a byte, the lowest first, until a byte below 128; nil where none of ten is.
  ///
  /// - Parameter read: Bytes that the number takes.
  init?(varint bytes: some Collection<UInt8>, read: inout Int) {
    self = 0
    read = 0
    for byte in bytes.prefix(10) {
      self |= UInt64(byte & 0x7F) << UInt64(7 * read)
      read += 1
      if byte < 0x80 { return }
    }
    return nil
  }
}
