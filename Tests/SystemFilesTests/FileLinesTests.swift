import SystemFiles
import SystemPackage
import TestSupport
import Testing

@Suite struct FileLinesTests {
  private func lines(
    of text: String, endingIn end: UInt8 = UInt8(ascii: "\n")
  ) throws -> [(line: String, start: Int, isComplete: Bool)] {
    let folder = try TemporaryFolder()
    let file = try FileDescriptor.open(try folder.file("lines", holding: text), .readOnly)
    var read: [(String, Int, Bool)] = []
    try file.closeAfter {
      try FileLines(of: file, endingIn: end).read {
        read.append((String(decoding: $0, as: UTF8.self), $1, $2))
      }
    }
    return read
  }

  @Test func linesOfAnyLengthAreRead() throws {
    let texts = ["", "a", String(repeating: "b", count: 3 << 20), "c"]
    let read = try lines(of: texts.map { $0 + "\n" }.joined() + "torn")
    #expect(read.map(\.line) == texts + ["torn"])
    #expect(read.map(\.start) == [0, 1, 3, 4 + 3 << 20, 6 + 3 << 20])
    #expect(read.map(\.isComplete) == [true, true, true, true, false])
  }

  @Test func theyMayEndInAnyByte() throws {
    let read = try lines(of: "a\nb\0c\0", endingIn: 0)
    #expect(read.map(\.line) == ["a\nb", "c"])
    #expect(read.map(\.isComplete) == [true, true])
    let none = try lines(of: "")
    #expect(none.isEmpty)
  }
}
