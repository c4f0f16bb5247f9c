extension Span<UInt8> {
  /// The whole number that `size` bytes from `offset` on hold, big-endian unless said otherwise; nil
  /// where they aren't all there.
  ///
  /// - Parameter size: 1 to 4.
  func integer(at offset: Int, size: Int, isLittleEndian: Bool = false) -> Int? {
    guard offset >= 0, offset <= count - size else { return nil }
    var value = 0
    for index in 0..<size {
      value = value << 8 | Int(self[offset + (isLittleEndian ? size - 1 - index : index)])
    }
    return value
  }
}
