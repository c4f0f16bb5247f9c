/// The number formats that weight files are written in; in memory all values are `Float`.
public enum ElementType: String, CaseIterable, Sendable {
  /// IEEE 754 single precision: values come back as they were.
  case f32 = "F32"
  /// IEEE 754 half precision: half the bytes, 11 significant bits, at most 65504.
  case f16 = "F16"

  /// The format of a file's tensor that is stored this way.
  var format: StoredFormat {
    switch self {
    case .f32: .f32
    case .f16: .f16
    }
  }
}

#if _endian(big)
  #error("weight files are little-endian and are copied as they are")
#endif

/// The number formats that are read.
enum StoredFormat: String {
  case f32 = "F32"
  case f16 = "F16"
  /// The upper half of a single, never written.
  case bf16 = "BF16"
  /// Doubles, rounded to the nearest single, never written.
  case f64 = "F64"
  /// Integers, never written; PyTorch's `num_batches_tracked` is one, and must not hide the rest of
  /// a file.
  case i64 = "I64"

  var byteCount: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .f64, .i64: 8
    }
  }

  /// The little-endian numbers in `bytes`; integers beyond 2²⁴ are rounded.
  ///
  /// - Complexity: O(*n*); singles are copied at once.
  func decode(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = bytes.count / byteCount
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      switch self {
      case .f32:
        UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes)
      case .f16:
        var index = 0
        while index < count {
          let half = bytes.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
          values.initializeElement(at: index, to: single(half))
          index &+= 1
        }
      case .bf16:
        for index in 0..<count {
          let bits = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          values.initializeElement(at: index, to: Float(bitPattern: UInt32(bits) << 16))
        }
      case .f64:
        for index in 0..<count {
          let double = bytes.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)
          values.initializeElement(at: index, to: Float(double))
        }
      case .i64:
        for index in 0..<count {
          let integer = bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self)
          values.initializeElement(at: index, to: Float(integer))
        }
      }
      initialized = count
    }
  }
}

/// Computes the value of a half, exactly.
///
/// `Float(Float16)` is a library call per value where the target lacks F16C. Here the exponent
/// and fraction move into place and the multiplication by 2¹¹² mends the bias, subnormals
/// included; only infinities and NaNs need their exponent set.
private func single(_ half: UInt16) -> Float {
  let magnitude = UInt32(half & 0x7fff) << 13
  let sign = UInt32(half & 0x8000) << 16
  let scale: Float = 0x1p112
  let finite = (Float(bitPattern: magnitude) * scale).bitPattern
  return Float(bitPattern: (half & 0x7c00 == 0x7c00 ? magnitude | 0x7f80_0000 : finite) | sign)
}
