import Testing

@testable import WeightFiles

@Suite struct JSONReaderTests {
  private func read(_ text: String) throws(JSONError) -> JSONValue {
    try JSONReader.read(Array(text.utf8)[...])
  }

  @Test func everyKindOfValue() throws {
    #expect(
      try read(#" { "a" : [ 1 , -2.5e+3 , "x" ] , "b" : { } , "c" : [ ] , "d" : null } "#)
        == .object([
          .init(key: "a", value: .array([.number("1"), .number("-2.5e+3"), .string("x")])),
          .init(key: "b", value: .object([])),
          .init(key: "c", value: .array([])),
          .init(key: "d", value: .literal("null")),
        ]))
    #expect(try read("true") == .literal("true"))
    #expect(try read("false") == .literal("false"))
  }

  @Test func keysGivenTwiceAreKept() throws {
    guard case .object(let members) = try read(#"{"a":1,"b":2,"\u0061":3,"a":4}"#) else {
      Issue.record("not an object")
      return
    }
    #expect(members.map(\.key) == ["a", "b", "a", "a"])
    #expect(members.duplicateKeys == ["a"])
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
    (#""\u0041\u00e9\uFFFF""#, "A\u{e9}\u{ffff}"),
    (#""\ud83c\udf0a""#, "🌊"),
    (#""🌊é""#, "🌊é"),
    (#""""#, ""),
  ])
  func strings(text: String, expected: String) throws {
    #expect(try read(text) == .string(expected))
  }

  @Test(
    arguments: [
      ("", .unexpectedEnd, 0),
      ("  ", .unexpectedEnd, 2),
      ("{", .unexpectedEnd, 1),
      (#"{"a"#, .unexpectedEnd, 3),
      (#"{"a":1,}"#, .unexpectedByte(0x7d), 7),
      (#"{a:1}"#, .unexpectedByte(0x61), 1),
      ("[1,]", .unexpectedByte(0x5d), 3),
      ("[1 2]", .unexpectedByte(0x32), 3),
      ("1 2", .unexpectedByte(0x32), 2),
      ("01", .unexpectedByte(0x31), 1),
      ("+1", .unexpectedByte(0x2b), 0),
      ("-", .unexpectedEnd, 1),
      ("1.", .unexpectedEnd, 2),
      ("1e", .unexpectedEnd, 2),
      (".5", .unexpectedByte(0x2e), 0),
      ("NaN", .unexpectedByte(0x4e), 0),
      ("nulL", .unexpectedByte(0x4c), 3),
      ("\"\n\"", .unexpectedByte(0x0a), 1),
      (#""\x""#, .invalidEscape, 1),
      (#""\u00g0""#, .unexpectedByte(0x67), 5),
      (#""\ud83c""#, .invalidEscape, 1),
      (#""\ud83c\n""#, .invalidEscape, 1),
      (#""\ud83c\u0041""#, .invalidEscape, 1),
      (#""\udf0a""#, .invalidEscape, 1),
      ("[[[[[[[", .tooDeep(limit: 6), 6),
    ] as [(String, JSONError.Reason, Int)])
  func whatIsNotJSON(text: String, reason: JSONError.Reason, offset: Int) {
    #expect(throws: JSONError(reason: reason, offset: offset)) { try read(text) }
  }

  @Test(arguments: [
    [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf5, 0x80, 0x80, 0x80],
  ])
  func whatIsNotUTF8(bytes: [Int]) {
    let text = [0x20, 0x22] + bytes.map(UInt8.init) + [0x22]
    #expect(throws: JSONError(reason: .invalidUTF8, offset: 1)) { try JSONReader.read(text[...]) }
  }

  @Test func offsetsCountFromTheTextsBeginning() {
    let bytes = Array("xxxx[}".utf8)
    #expect(throws: JSONError(reason: .unexpectedByte(0x7d), offset: 1)) {
      try JSONReader.read(bytes[4...])
    }
  }

  @Test(arguments: [
    ("0", 0), ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("-1", nil),
    ("-0", nil), ("1.0", nil), ("1e2", nil), ("\"1\"", nil),
  ])
  func naturalNumbers(text: String, expected: Int?) throws {
    #expect(try read(text).naturalNumber == expected)
  }

  @Test func summariesAreShort() throws {
    let many = "[" + repeatElement("1", count: 5000).joined(separator: ",") + "]"
    #expect(try read(many).summary.count == 60)
    #expect(try read("[[1,2],\"a\",{}]").summary == "[[1,2],\"a\",an object]")
  }
}
