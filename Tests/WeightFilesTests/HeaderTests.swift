import Testing

@testable import WeightFiles

@Suite struct HeaderTests {
  private let sound = entry("a", "[2]", "0", "8")

  @Test(
    arguments: [
      (#""a":1"#, [.entryNotAnObject(tensor: "a", found: "1")]),
      (
        #""a":{}"#,
        ["dtype", "shape", "data_offsets"].map { .missingField(tensor: "a", field: $0) }
      ),
      (
        #""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":{}}"#,
        [.unknownField(tensor: "a", field: "extra")]
      ),
      (
        #""a":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,8]}"#,
        [.duplicateField(tensor: "a", field: "dtype")]
      ),
      (entry("a", "[2]", "0", "8", type: "I32"), [.unknownType(tensor: "a", found: "\"I32\"")]),
      (
        #""a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}"#,
        [.unknownType(tensor: "a", found: "4")]
      ),
      (entry("a", "[-2]", "0", "8"), [.invalidShape(tensor: "a", found: "[-2]")]),
      (entry("a", "[2.0]", "0", "8"), [.invalidShape(tensor: "a", found: "[2.0]")]),
      (entry("a", "2", "0", "8"), [.invalidShape(tensor: "a", found: "2")]),
      (
        entry("a", "[99999999999999999999]", "0", "8"),
        [.invalidShape(tensor: "a", found: "[99999999999999999999]")]
      ),
      (entry("a", "[2]", "-8", "0"), [.invalidOffsets(tensor: "a", found: "[-8,0]")]),
      (entry("a", "[2]", "0", "8e0"), [.invalidOffsets(tensor: "a", found: "[0,8e0]")]),
      (entry("a", "[2]", "8", "0"), [.invalidOffsets(tensor: "a", found: "[8,0]")]),
      (entry("a", "[2]", "0", "8,8"), [.invalidOffsets(tensor: "a", found: "[0,8,8]")]),
      (
        entry("a", "[2]", "0", "18446744073709551616"),
        [.invalidOffsets(tensor: "a", found: "[0,18446744073709551616]")]
      ),
      (
        entry("a", "[3]", "0", "8"),
        [.sizeMismatch(tensor: "a", shape: [3], type: "F32", expectedBytes: 12, foundBytes: 8)]
      ),
      (
        entry("a", "[4294967296,4294967296]", "0", "8"),
        [.shapeOverflows(tensor: "a", shape: [4_294_967_296, 4_294_967_296])]
      ),
      // The elements can be counted, their bytes can't.
      (
        entry("a", "[4611686018427387904]", "0", "8"),
        [.shapeOverflows(tensor: "a", shape: [4_611_686_018_427_387_904])]
      ),
    ] as [(String, [Fault])])
  func oneFaultyEntry(entries: String, expected: [Fault]) {
    #expect(faults(reading: file(entries: entries, dataBytes: 8)) == expected)
  }

  @Test func hugeOffsets() {
    let bytes = file(
      entries: entry("a", "[2305843009213693951]", "0", "9223372036854775804"), dataBytes: 8)
    #expect(
      faults(reading: bytes)
        == [.beyondEnd(tensor: "a", begin: 0, end: 9_223_372_036_854_775_804, dataBytes: 8)])
  }

  @Test func namesGivenTwice() {
    let bytes = file(entries: "\(sound),\(sound)", dataBytes: 8)
    #expect(
      faults(reading: bytes) == [.duplicateName("a"), .overlap(tensor: "a", with: "a", bytes: 8)])
    #expect(
      faults(reading: file(#"{"__metadata__":{},"__metadata__":{}}"#))
        == [.duplicateName("__metadata__")])
  }

  @Test func canonicallyEqualNamesAreOne() {
    let bytes = file(
      entries: entry("\u{e9}", "[1]", "0", "4") + "," + entry("e\u{301}", "[1]", "4", "8"),
      dataBytes: 8)
    #expect(faults(reading: bytes) == [.duplicateName("\u{e9}")])
  }

  @Test(
    arguments: [
      ("[]", [.metadataNotAnObject(found: "[]")]),
      (#"{"k":1,"l":"x"}"#, [.metadataNotText(key: "k", found: "1")]),
      (#"{"k":null}"#, [.metadataNotText(key: "k", found: "null")]),
      (#"{"k":"1","k":"1"}"#, [.duplicateMetadata(key: "k")]),
    ] as [(String, [Fault])])
  func faultyMetadata(json: String, expected: [Fault]) {
    #expect(faults(reading: file(#"{"__metadata__":\#(json)}"#)) == expected)
  }

  @Test func overlap() {
    let entries = [
      entry("a", "[4]", "0", "16"), entry("b", "[1]", "4", "8"), entry("c", "[2]", "12", "20"),
    ]
    #expect(
      faults(reading: file(entries: entries.joined(separator: ","), dataBytes: 20))
        == [
          .overlap(tensor: "b", with: "a", bytes: 4), .overlap(tensor: "c", with: "a", bytes: 4),
        ])
  }

  @Test func gapsAndTrailingBytes() {
    let entries = [entry("b", "[1]", "12", "16"), entry("a", "[1]", "4", "8")]
    #expect(
      faults(reading: file(entries: entries.joined(separator: ","), dataBytes: 19))
        == [
          .gap(before: "a", offset: 0, bytes: 4), .gap(before: "b", offset: 8, bytes: 4),
          .trailingBytes(3),
        ])
    #expect(faults(reading: file("{}", data: [0])) == [.trailingBytes(1)])
  }

  @Test func emptyTensorsTakeNoPlace() throws {
    let entries = [
      entry("a", "[0,3]", "0", "0"), entry("b", "[1]", "0", "4"), entry("c", "[0]", "4", "4"),
    ]
    let read = try WeightFile(decoding: file(entries: entries.joined(separator: ","), dataBytes: 4))
    #expect(read.tensors["a"] == StoredTensor(shape: [0, 3], values: []))
    #expect(read.tensors["b"] == StoredTensor(shape: [1], values: [0]))
    #expect(read.tensors["c"] == StoredTensor(shape: [0], values: []))
  }

  @Test func allFaultsAreToldAtOnce() {
    let entries = [
      #""__metadata__":{"k":1}"#,
      entry("a", "[1]", "0", "4", type: "BOOL"),
      entry("b", "[2]", "4", "8"),
      entry("c", "[1]", "4", "1000"),
    ]
    #expect(
      faults(reading: file(entries: entries.joined(separator: ","), dataBytes: 8))
        == [
          .metadataNotText(key: "k", found: "1"),
          .unknownType(tensor: "a", found: "\"BOOL\""),
          .sizeMismatch(tensor: "b", shape: [2], type: "F32", expectedBytes: 8, foundBytes: 4),
          .beyondEnd(tensor: "c", begin: 4, end: 1000, dataBytes: 8),
          .sizeMismatch(tensor: "c", shape: [1], type: "F32", expectedBytes: 4, foundBytes: 996),
        ])
  }
}
