import Testing

@testable import WeightFiles

@Suite struct WeightFileDecodingTests {
  private let small = WeightFile(
    metadata: ["k": "v"],
    tensors: [
      "a": StoredTensor(shape: [2, 2], values: [1, 2, 3, 4]),
      "b": StoredTensor(shape: [3], values: [-1, 0.5, 0]),
    ])

  @Test func truncationAtEveryByte() throws {
    let bytes = try small.encoded(as: .f32)
    let headerBytes = bytes.count - 8 - 28
    for count in 0..<bytes.count {
      let found = faults(reading: Array(bytes[..<count]))
      let dataBytes = count - 8 - headerBytes
      switch count {
      case ..<8:
        #expect(found == [.noHeaderLength(fileBytes: count)])
      case ..<(8 + headerBytes):
        #expect(found == [.headerTruncated(bytes: UInt64(headerBytes), found: count - 8)])
      default:
        let a = Fault.beyondEnd(tensor: "a", begin: 0, end: 16, dataBytes: dataBytes)
        let b = Fault.beyondEnd(tensor: "b", begin: 16, end: 28, dataBytes: dataBytes)
        #expect(found == (dataBytes < 16 ? [a, b] : [b]))
      }
    }
    #expect(try WeightFile(decoding: bytes) == small)
  }

  @Test func everySingleFaultyHeaderByteIsReadOrRefused() throws {
    // Nothing to expect but that it comes back: bounds are Swift's, and they trap.
    let bytes = try small.encoded(as: .f32)
    for index in 0..<bytes.count - 28 {
      for byte: UInt8 in [0, 0x22, 0x2c, 0x30, 0x39, 0x5d, 0x7d, 0xff] {
        var changed = bytes
        changed[index] = byte
        _ = faults(reading: changed)
      }
    }
  }

  @Test(arguments: [UInt64(WeightFile.headerLimit) + 1, 1 << 63, .max])
  func absurdHeaderLength(length: UInt64) {
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [0x7b, 0x7d]
    #expect(
      faults(reading: bytes) == [.headerTooLong(bytes: length, limit: WeightFile.headerLimit)])
  }

  @Test(arguments: ["", "[]", " {}", "null"])
  func headerThatIsNoObject(header: String) {
    #expect(faults(reading: file(header)) == [.headerNotAnObject])
  }

  @Test func headerThatIsNoJSON() {
    #expect(
      faults(reading: file("{\"a\":}"))
        == [.malformedHeader(JSONError(reason: .unexpectedByte(0x7d), offset: 5))])
  }

  @Test func spaceAfterTheHeaderIsPadding() throws {
    #expect(try WeightFile(decoding: file("{}  \n")) == WeightFile(tensors: [:]))
  }

  @Test func valuesThatAreNotFinite() throws {
    let entries = [
      entry("a", "[2,2]", "0", "16"), entry("b", "[2]", "16", "20", type: "F16"),
      entry("c", "[1]", "20", "24"),
    ]
    let singles: [Float] = [1, -.infinity, 3, .nan]
    let halves: [UInt16] = [0x7c00, 0xfbff]
    let data = singles.withUnsafeBytes { Array($0) } + halves.withUnsafeBytes { Array($0) }
    let bytes = file("{\(entries.joined(separator: ","))}", data: data + [0, 0, 0x80, 0x3f])
    #expect(
      faults(reading: bytes)
        == [
          .nonFinite(tensor: "a", count: 2, firstIndex: 1),
          .nonFinite(tensor: "b", count: 1, firstIndex: 0),
        ])
  }

  @Test(arguments: [0x7f80_0000, 0xff80_0000, 0x7f80_0001, 0xffff_ffff] as [UInt32])
  func everyKindThatIsNotFinite(bits: UInt32) {
    let values = [Float](repeating: 1, count: 40) + [Float(bitPattern: bits)]
    #expect(
      nonFiniteFault(in: values, of: "a") == .nonFinite(tensor: "a", count: 1, firstIndex: 40))
  }

  @Test func theLargestAndSmallestAreFinite() {
    let largest = Float.greatestFiniteMagnitude
    #expect(nonFiniteFault(in: [largest, -largest, -0.0, .leastNonzeroMagnitude], of: "a") == nil)
    #expect(nonFiniteFault(in: [], of: "a") == nil)
  }
}
