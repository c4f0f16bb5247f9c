extension Span<UInt8> {
  /// A row's sample number `index`: one byte, or two in the machine's order.
  func sample<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ index: Int, as type: Sample.Type
  ) -> Sample {
    bytes.unsafeLoadUnaligned(fromByteOffset: index * MemoryLayout<Sample>.size, as: type)
  }
}

extension MutableSpan<UInt8> {
  /// Sets a row's sample number `index`.
  mutating func setSample<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ index: Int, to sample: Sample
  ) {
    setSample(at: index * MemoryLayout<Sample>.size, to: sample)
  }

  /// The sample that begins at a byte.
  func sample<Sample: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Sample.Type
  ) -> Sample {
    bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
  }

  /// Sets the sample that begins at a byte.
  mutating func setSample<Sample: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, to sample: Sample
  ) {
    var bytes = mutableBytes
    bytes.storeBytes(of: sample, toByteOffset: offset, as: Sample.self)
  }

  /// Copies a row.
  ///
  /// - Precondition: both have as many bytes.
  package mutating func copy(_ row: Span<UInt8>) {
    precondition(row.count == count, "both rows have as many bytes")
    withUnsafeMutableBufferPointer { target in
      row.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) }
    }
  }
}
