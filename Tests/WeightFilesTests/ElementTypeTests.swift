import Testing

@testable import WeightFiles

@Suite struct ElementTypeTests {
  @Test func everyHalfIsWhatTheStandardLibrarySays() {
    let patterns = (0...UInt16.max).map { $0 }
    let values = patterns.withUnsafeBytes { StoredFormat.f16.decode($0) }
    let wrong = patterns.indices.filter { index in
      let expected = Float(Float16(bitPattern: patterns[index]))
      // A NaN's payload is nobody's business.
      return expected.isNaN
        ? !values[index].isNaN : values[index].bitPattern != expected.bitPattern
    }
    #expect(wrong == [])
  }

  @Test func singlesAreCopied() {
    let expected: [Float] = [1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]
    let values = expected.withUnsafeBytes { StoredFormat.f32.decode($0) }
    #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test func bytesNeedNoAlignment() {
    let bytes: [UInt8] = [9, 0, 0, 0x80, 0x3f, 0, 0, 0, 0]
    bytes.withUnsafeBytes { raw in
      let odd = UnsafeRawBufferPointer(rebasing: raw[1...])
      #expect(StoredFormat.f32.decode(odd) == [1, 0])
      #expect(StoredFormat.f16.decode(odd) == [0, 1.875, 0, 0])
      #expect(StoredFormat.bf16.decode(odd) == [0, 1, 0, 0])
      #expect(StoredFormat.i64.decode(odd) == [0x3f80_0000])
    }
  }

  @Test func formatsThatAreOnlyReadAreRoundedToSingles() {
    let doubles: [Double] = [1, -0.1, 0x1p-1074, 1e300]
    let singles = doubles.withUnsafeBytes { StoredFormat.f64.decode($0) }
    #expect(singles == [1, -0.1, 0, .infinity])
    let upper = [Float](arrayLiteral: 1, -2.5, 0x1.02p100).map { UInt16($0.bitPattern >> 16) }
    #expect(upper.withUnsafeBytes { StoredFormat.bf16.decode($0) } == [1, -2.5, 0x1.02p100])
  }
}
