import Testing

@testable import WeightFiles

struct OtherWeightFormatTests {
  /// Bytes, text behind them, and what begins so.
  private static let beginnings: [([UInt8], String, OtherWeightFormat)] = [
    ([], "PK\u{3}\u{4}\0\0archive/data.pkl", .pyTorch),
    ([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], "", .pyTorch),
    ([4, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0], "V 1", .torch7),
    ([8, 7, 0x12, 7], "pytorch", .onnx),
    ([8, 3, 0x3A, 0x90, 1], "", .onnx),
    ([8, 1, 0x12, 0x80, 4], "", .tensorFlow),
    ([10, 20, 10, 5], "input\u{12}\u{B}Placeholder", .tensorFlow),
    ([], "\u{1C}\0\0\0TFL3", .tensorFlowLite),
    ([0x89], "HDF\r\n", .keras),
    ([0x93], "NUMPY\u{1}\0", .numPy),
    ([], "PK\u{3}\u{4} weights/conv1.npy", .numPy),
    ([], "PK\u{3}\u{4} readme.txt", .archive),
    ([0x1F, 0x8B], "\u{8}\0\0\0\0", .compressed),
    ([], "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", .gitLFSPointer),
    ([], "\n<!DOCTYPE html>\n<html>", .webPage),
    ([0xFF, 0xD8, 0xFF], "\0\u{10}JFIF", .picture),
  ]

  @Test(arguments: beginnings)
  func itIsNamedWithWhatToDo(_ head: [UInt8], _ text: String, _ format: OtherWeightFormat) {
    let bytes = head + Array(text.utf8)
    #expect(throws: WeightFileError.otherFormat(format)) { try WeightFile(decoding: bytes) }
    // `pastiche convert` reads two of these, and two more are the wrong file.
    let others: [OtherWeightFormat] = [.pyTorch, .onnx, .gitLFSPointer, .webPage, .picture]
    #expect(format.description.contains("first") == !others.contains(format))
  }

  /// Lengths of a header that look like another file's beginning are lengths all the same.
  @Test(arguments: [0x0204, 0x0280, 0x0A])
  func aHeadersLengthIsNoSignature(_ length: Int) throws {
    let header = Array("{}".utf8) + [UInt8](repeating: 0x20, count: length - 2)
    let bytes = withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) } + header
    #expect(try WeightFile(decoding: bytes).tensors.isEmpty)
  }
}
