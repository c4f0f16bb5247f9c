import SystemFiles
import SystemPackage
import Testing

@Suite struct FilePathTests {
  private func path(_ bytes: [UInt8]) -> FilePath {
    (bytes + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { characters in
      characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
    }
  }

  @Test(arguments: [
    (Array("a/blå.png".utf8), "a/blå.png"), (Array("a\nb\u{1B}[1m".utf8), "a\\nb\\x1B[1m"),
    ([0x66, 0xFF, 0x7F], "f\\xFF\\x7F"), ([0xC3], "\\xC3"), (Array("\u{9B}".utf8), "\\u{9B}"),
    (Array("gnp.\u{202E}a\u{2028}b\u{2069}".utf8), "gnp.\\u{202E}a\\u{2028}b\\u{2069}"),
    (Array("👩‍👧 é\u{AD}".utf8), "👩‍👧 é\u{AD}"),
  ])
  func noNameCanDisturbATerminal(_ bytes: [UInt8], _ text: String) {
    #expect(path(bytes).printable == text)
    #expect(path(bytes).bytes == bytes)
  }

  @Test func orderIsThatOfBytes() {
    #expect(path([0x61]).precedes(path([0x61, 0x62])))
    #expect(path([0x7A]).precedes(path([0xC3, 0xA5])))
    #expect(path([0xC3, 0xA5]).precedes(path([0xFF])))
    #expect(!path([0x61]).precedes(path([0x61])))
  }

  @Test func hexadecimalDigitsAreTwo() {
    #expect([0, 10, 255].map { UInt8($0).hexadecimal() } == ["00", "0a", "ff"])
    #expect(UInt8(0xAB).hexadecimal(uppercase: true) == "AB")
  }
}
