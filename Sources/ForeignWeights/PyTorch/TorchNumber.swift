/// The number formats of PyTorch's storages.
enum TorchNumber: String {
  case double, float, half, bfloat16, long, int, short, char, byte, bool

  var byteCount: Int {
    switch self {
    case .double, .long: 8
    case .float, .int: 4
    case .half, .bfloat16, .short: 2
    case .char, .byte, .bool: 1
    }
  }

  var isFloatingPoint: Bool {
    switch self {
    case .double, .float, .half, .bfloat16: true
    case .long, .int, .short, .char, .byte, .bool: false
    }
  }

  /// The little-endian numbers in `bytes`: doubles are rounded to the nearest, the others exact;
  /// none where they are integers, which weights never are.
  ///
  /// - Complexity: O(*n*).
  func decode(_ bytes: [UInt8]) -> [Float] {
    switch self {
    case .double: numbers(bytes) { Float(Double(bitPattern: $0)) }
    case .float: numbers(bytes) { Float(bitPattern: $0) }
    case .half: numbers(bytes) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: numbers(bytes) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .long, .int, .short, .char, .byte, .bool: []
    }
  }
}

private func numbers<Bits: FixedWidthInteger>(
  _ bytes: [UInt8], _ value: (Bits) -> Float
) -> [Float] {
  bytes.withUnsafeBytes { bytes in
    stride(from: 0, to: bytes.count, by: MemoryLayout<Bits>.size).map { offset in
      value(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)))
    }
  }
}
