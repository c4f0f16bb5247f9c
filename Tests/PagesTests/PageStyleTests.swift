import Testing

@testable import Pages

@Suite struct PageStyleTests {
  /// A browser passes over what it doesn't understand, with all that follows an open brace.
  @Test func rulesAreWhole() throws {
    var rules = PageStyle.all.text
    rules.replace(#/\/\*.*?\*\//#.dotMatchesNewlines(), with: "")
    rules.replace(#/"[^"\n]*"/#, with: "s")
    rules.replace(#/'(?:[^'\\\n]|\\\n)*'/#, with: "s")
    #expect(!rules.contains { "\"'\\".contains($0) }, "a string or a comment doesn't end")
    var depth = 0
    var piece = ""
    for character in rules {
      switch character {
      case "{":
        if piece.contains("@") {
          #expect(piece.contains(#/^\s*@(media|container) [^@]+$/#), "\(piece)")
        }
        #expect(piece.contains { !$0.isWhitespace } && !piece.contains(";"), "\(piece)")
        depth += 1
      case "}", ";":
        let isDeclaration = piece.contains(#/^\s*[a-z0-9-]+:[^:]+$/#)
        #expect(isDeclaration || piece.allSatisfy(\.isWhitespace), "\(piece)")
        #expect(depth > 0, "\(piece)")
        depth -= character == "}" ? 1 : 0
      default:
        piece.append(character)
        continue
      }
      piece = ""
    }
    #expect(depth == 0 && piece.allSatisfy(\.isWhitespace))
  }
}
