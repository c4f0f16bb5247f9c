import SystemFiles
import Testing

@testable import pastiche

/// Bash itself says what the words are.
@Suite struct ShellWordTests {
  static let arguments: [[UInt8]] =
    [
      "", "photos/", "two words", "it's", "'", "''", "\"", "$HOME", "$(reboot)", "`reboot`",
      "a\\nb",
      "\\", "a\nb", "\n", "a'\n\\'b", "\t", "-n", "--", "~", "*", "[a]", "!x", "#x", "a;b", "a|b&c",
      "{a,b}",
      "Käse", "雪", "🏔", "e\u{301}", "'\u{301}", "\u{202E}gpj", "\u{1B}[2J", "a\rb", "\u{7F}1",
      "\u{10FF41}", "=x", "^", "%", "\u{2028}", "\u{FEFF}",
    ].map { Array($0.utf8) } + [
      [0xFF], [0x61, 0xE9, 0x62], [0xC3], [0xE2, 0x80], [0x01, 0x41], [0x80, 0x27, 0x0A],
    ]

  @Test(.enabled(if: Bash.isThere), arguments: ["C", "C.UTF-8"])
  func standForThemselves(_ locale: String) throws {
    let words = Self.arguments.map { ShellWord.quoted(RawArguments.text(of: $0)) }
    let script = "set -- \(words.joined(separator: " "))\nprintf '%s\\0' \"$@\""
    let run = try Bash(["-c", script], environment: ["LC_ALL": locale, "HOME": "/nowhere"])
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    let found = run.output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    #expect(found.map { Array($0) } == Self.arguments)
  }

  @Test func disturbNobody() {
    for argument in Self.arguments {
      let word = ShellWord.quoted(RawArguments.text(of: argument))
      #expect(!word.unicodeScalars.contains { $0.isDisturbing }, "\(argument)")
      #expect(word.unicodeScalars.allSatisfy { RawArguments.byte(of: $0) == nil }, "\(argument)")
    }
  }

  @Test(arguments: [
    ("photos/a-1.png", "photos/a-1.png"), ("great-wave:0.7,udnie:0.3", "great-wave:0.7,udnie:0.3"),
    ("two words", "'two words'"), ("it's", "'it'\\''s'"), ("a\nb", "$'a\\x0ab'"),
  ]) func areReadable(_ argument: String, _ word: String) {
    #expect(ShellWord.quoted(argument) == word)
  }
}
