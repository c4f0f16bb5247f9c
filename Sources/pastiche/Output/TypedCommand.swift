/// The command line as it was typed, for people to read and to copy.
enum TypedCommand {
  /// The options that change nothing of what there is to see, so that a page has the same bytes
  /// with them: all take a value.
  private static let leftOut: Set = ["-j", "--jobs", "--memory", "--scratch", "--html"]

  private static let punctuation = "-_./=:,+@%".unicodeScalars

  static var text: String { text(of: RawArguments.all) }

  private static func text(of arguments: [String]) -> String {
    var words = ["pastiche"]
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += [argument] + rest
        break
      }
      let name = argument.prefix { $0 != "=" }
      guard leftOut.contains(String(name)) else {
        words.append(argument)
        continue
      }
      if name == argument { _ = rest.popFirst() }
    }
    return words.map(quoted).joined(separator: " ")
  }

  /// Quotes a word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || punctuation.contains($0)
    }
    if isPlain, !word.isEmpty { return word }
    return "'"
      + printable(word).split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
