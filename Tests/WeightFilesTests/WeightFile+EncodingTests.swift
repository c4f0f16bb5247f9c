import SystemPackage
import TestSupport
import Testing

@testable import WeightFiles

@Suite struct WeightFileEncodingTests {
  /// As `make_fixtures.py` has them.
  private let fixtureOfSingles = WeightFile(
    metadata: ["naïve \"key\"\n": "a\\b\t\u{1} 🌊"],
    tensors: [
      "b.cube": StoredTensor(shape: [2, 3, 4], values: (0..<24).map { Float($0) / 8 - 1 }),
      "a.scalar": StoredTensor(shape: [], values: [0.1]),
      "c.empty": StoredTensor(shape: [0, 5], values: []),
    ])
  private let halves: [Float] = [
    0, -0.0, 0x1p-24, -0x1p-24, 0x1.ff8p-15, 0x1p-14, Float(Float16(1) / 3), -65504,
  ]

  @Test func readsWhatSafetensorsWrote() throws {
    #expect(try WeightFile(contentsOf: fixture("f32.safetensors")) == fixtureOfSingles)
    let half = try #require(
      try WeightFile(contentsOf: fixture("f16.safetensors")).tensors["halves"])
    #expect(half.shape == [8])
    #expect(half.values.map(\.bitPattern) == halves.map(\.bitPattern))
    let counter = try WeightFile(contentsOf: fixture("i64_counter_beside_f32.safetensors"))
    #expect(
      counter.tensors == [
        "in1.num_batches_tracked": StoredTensor(shape: [], values: [123456]),
        "in1.weight": StoredTensor(shape: [2], values: [1, 1]),
      ])
    let double = try WeightFile(contentsOf: fixture("f64.safetensors"))
    #expect(double.tensors == ["w": StoredTensor(shape: [2], values: [1, 1])])
  }

  @Test func writesTheBytesThatSafetensorsWrote() throws {
    #expect(try fixtureOfSingles.encoded(as: .f32) == bytes(of: fixture("f32.safetensors")))
    let half = WeightFile(tensors: ["halves": StoredTensor(shape: [8], values: halves)])
    #expect(try half.encoded(as: .f16) == bytes(of: fixture("f16.safetensors")))
  }

  /// 2049 has twelve significant bits, and 0.1 has all of them.
  @Test func halvesAreWrittenWhereThatChangesNothing() throws {
    let file = WeightFile(tensors: [
      "halves": StoredTensor(shape: [8], values: halves),
      "single": StoredTensor(shape: [2], values: [1, 2049]),
    ])
    let bytes = try file.encoded()
    #expect(try WeightFile(decoding: bytes) == file)
    let header = String(decoding: bytes[8...], as: UTF8.self)
    #expect(header.contains(#""halves":{"dtype":"F16""#))
    #expect(header.contains(#""single":{"dtype":"F32""#))
    #expect(try fixtureOfSingles.encoded().count < fixtureOfSingles.encoded(as: .f32).count)
    let singles = WeightFile(tensors: ["a": StoredTensor(shape: [1], values: [0.1])])
    #expect(try singles.encoded() == singles.encoded(as: .f32))
  }

  /// Values that lie beyond what is read with the header, and what of them isn't there any more.
  @Test func valuesAreReadOneTensorAfterTheOther() throws {
    let values = (0..<1 << 18).map(Float.init)
    let file = WeightFile(tensors: [
      "a": StoredTensor(shape: [values.count], values: values),
      "b": StoredTensor(shape: [2, values.count / 2], values: values.reversed()),
    ])
    let folder = try TemporaryFolder()
    let bytes = try file.encoded(as: .f32)
    let path = try folder.file("large", holding: bytes)
    #expect(try WeightFile(contentsOf: path) == file)
    let start = Array(bytes.prefix(8 + WeightFile.headerLimit))
    let end = 4 * values.count
    #expect(
      throws: WeightFileError.faults([
        .beyondEnd(tensor: "b", begin: end, end: 2 * end, dataBytes: end + 100)
      ])
    ) {
      try WeightFile(start: start, fileBytes: bytes.count, memory: .max) { offset, piece in
        piece.copyBytes(from: bytes.prefix(bytes.count - end + 100)[offset...].prefix(piece.count))
        return max(0, min(piece.count, bytes.count - end + 100 - offset))
      }
    }
  }

  @Test func whatTakesTooMuchMemoryIsNotRead() throws {
    let file = WeightFile(tensors: [
      "a": StoredTensor(shape: [2], values: [1, 2]), "b": StoredTensor(shape: [], values: [3]),
    ])
    for type in ElementType.allCases {
      let bytes = try file.encoded(as: type)
      let folder = try TemporaryFolder()
      let path = try folder.file("whole", holding: bytes)
      #expect(try WeightFile(contentsOf: path, memory: 12) == file)
      #expect(throws: WeightFileError.memoryTooSmall(needed: 12, given: 11)) {
        try WeightFile(contentsOf: path, memory: 11)
      }
    }
  }

  /// However many tensors say that the same bytes are theirs, these aren't read for each.
  @Test func sharedBytesAreNotReadAgainAndAgain() throws {
    let entries = (0..<3).map { #""\#($0)":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"# }
    let json = "{\(entries.joined(separator: ","))}"
    let header = withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) } + json.utf8
    #expect(
      throws: WeightFileError.faults([
        .overlap(tensor: "1", with: "0", bytes: 4), .overlap(tensor: "2", with: "1", bytes: 4),
      ])
    ) {
      try WeightFile(start: header, fileBytes: header.count + 4, memory: .max) { offset, piece in
        Issue.record("\(piece.count) bytes at \(offset) are read")
        return piece.count
      }
    }
  }

  @Test func metadataIsReadAlone() throws {
    let folder = try TemporaryFolder()
    let file = WeightFile(
      metadata: ["kind": "style"], tensors: ["a": StoredTensor(shape: [2], values: [1, 2])])
    let bytes = try file.encoded()
    try folder.file("whole", holding: bytes)
    #expect(try WeightFile.metadata(of: folder["whole"]) == ["kind": "style"])
    // Of the tensors nothing need be there.
    try folder.file("header", holding: Array(bytes.dropLast(4)))
    #expect(try WeightFile.metadata(of: folder["header"]) == ["kind": "style"])
    try folder.file("short", holding: Array(bytes.prefix(20)))
    #expect(throws: WeightFileError.self) { try WeightFile.metadata(of: folder["short"]) }
  }

  @Test(arguments: ElementType.allCases)
  func whatIsWrittenIsRead(type: ElementType) throws {
    var file = fixtureOfSingles
    file.tensors["a.scalar"]?.values = [0.125]  // a value that both formats hold
    let bytes = try file.encoded(as: type)
    #expect(try WeightFile(decoding: bytes) == file)
    #expect(try file.encoded(as: type) == bytes)
    let headerBytes = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    #expect(headerBytes % 8 == 0)
  }

  @Test func everyCharacterSurvives() throws {
    let scalars = (0...0x250).compactMap(Unicode.Scalar.init)
    let text = String(String.UnicodeScalarView(scalars))
    let file = WeightFile(metadata: [text: text], tensors: [text: .init(shape: [1], values: [1])])
    #expect(try WeightFile(decoding: file.encoded()) == file)
  }

  @Test func orderDoesNotMatter() throws {
    var names = (0..<50).map { "t\($0)" }
    let tensor = StoredTensor(shape: [1], values: [1])
    let one = WeightFile(
      metadata: .init(uniqueKeysWithValues: names.map { ($0, $0) }),
      tensors: .init(uniqueKeysWithValues: names.map { ($0, tensor) }))
    names.reverse()
    let other = WeightFile(
      metadata: .init(uniqueKeysWithValues: names.map { ($0, $0) }),
      tensors: .init(uniqueKeysWithValues: names.map { ($0, tensor) }))
    #expect(try one.encoded() == other.encoded())
  }

  @Test func halvesAreRoundedToNearest() throws {
    let file = WeightFile(tensors: ["a": StoredTensor(shape: [2], values: [2049, 65519])])
    let read = try WeightFile(decoding: file.encoded(as: .f16))
    #expect(read.tensors["a"]?.values == [2048, 65504])
  }

  @Test func whatNoReaderWouldTakeIsNotWritten() {
    var tensors = [
      "a": StoredTensor(shape: [2], values: [1, .nan]),
      "b": StoredTensor(shape: [1], values: [65520]),
      "c": StoredTensor(shape: [2], values: [0, 0]),
      "__metadata__": StoredTensor(shape: [], values: [0]),
    ]
    tensors["c"]?.shape = [3]
    let file = WeightFile(tensors: tensors)
    let always: [Fault] = [
      .reservedName("__metadata__"), .nonFinite(tensor: "a", count: 1, firstIndex: 1),
    ]
    let shape = Fault.valueCount(tensor: "c", shape: [3], found: 2)
    #expect(throws: WeightFileError.faults(always + [shape])) { try file.encoded() }
    let overflow = Fault.nonFinite(tensor: "b", count: 1, firstIndex: 0)
    #expect(throws: WeightFileError.faults(always + [overflow, shape])) {
      try file.encoded(as: .f16)
    }
  }
}

private func bytes(of path: FilePath) throws -> [UInt8] {
  let descriptor = try FileDescriptor.open(path, .readOnly)
  return try descriptor.closeAfter {
    try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}
