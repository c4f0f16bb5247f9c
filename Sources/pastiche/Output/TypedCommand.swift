/// The command line as it was typed, for people to read and to copy.
enum TypedCommand {
  /// The options that change nothing of what there is to see, so that a page has the same bytes
  /// with them: all take a value.
  private static let leftOut: Set = ["-j", "--jobs", "--memory", "--scratch", "--html"]

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
    return words.map(ShellWord.quoted).joined(separator: " ")
  }
}
