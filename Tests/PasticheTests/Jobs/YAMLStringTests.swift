import Foundation
import Testing

@testable import pastiche

/// What is between YAML's double quotation marks is JSON's, too, as far as it is used here; the script
/// in `Tests/Kubernetes` asks a parser of YAML.
@Suite struct YAMLStringTests {
  static let texts = [
    "", "photos/", "two words", "it's", "say \"so\"", "a\\b", "a\nb", "\t", "\r", "\u{1}", "\u{7F}",
    "\u{85}",
    "- a: b # c", "{a}", "no", "1e3", "~", "Käse", "雪", "🏔", "e\u{301}", "\"\u{301}", "\u{202E}gpj",
    "\u{FEFF}a", "\u{FFFE}", "\u{2028}", "$(HOME)",
  ]

  @Test(arguments: texts) func isReadAsItWas(_ text: String) throws {
    let string = YAMLString.quoted(text)
    let read = try JSONDecoder().decode(String.self, from: Data(string.utf8))
    #expect(Array(read.utf8) == Array(text.utf8))
    #expect(!string.contains("\n"))
  }

  @Test func isReadable() {
    #expect(YAMLString.quoted("/photos/Käse \"1\"\n") == #""/photos/Käse \"1\"\u000a""#)
  }

  /// What Kubernetes makes of a container's arguments, with `NAME` for a variable: after
  /// third_party/forked/golang/expansion/expand.go of its sources, release 1.34.
  private func expanded(_ text: String) -> String {
    var (result, rest) = ("", text.unicodeScalars[...])
    while let scalar = rest.popFirst() {
      guard scalar == "$", let next = rest.first else {
        result.unicodeScalars.append(scalar)
        continue
      }
      if next == "$" {
        _ = rest.popFirst()
        result += "$"
      } else if next == "(", let end = rest.firstIndex(of: ")") {
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        result += name == "NAME" ? "its value" : "$(\(name))"
        rest = rest[rest.index(after: end)...]
      } else {
        result += "$"
      }
    }
    return result
  }

  @Test(arguments: [
    "$(NAME)", "$$(NAME)", "$$$(NAME)", "$", "$$", "$$$", "a$b", "$(", "$(NAME", "($NAME)",
    "100 $ (NAME)",
    "$é", "$\u{301}(NAME)", "",
  ]) func kubernetesLeavesArgumentsAlone(_ text: String) {
    #expect(expanded(ContainerArgument.escaped(text)) == text)
  }

  @Test func kubernetesLeavesTheScriptAlone() {
    let script = KubernetesJob.script.joined(separator: "\n")
    #expect(expanded(script) == script)
    #expect(!script.contains("$("))
  }
}
