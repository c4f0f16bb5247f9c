import ArgumentParser
import SystemFiles

/// A command line that can't be understood: what swift-argument-parser says of it, and what was
/// probably meant.
enum UsageFault {
  /// The exit code of usage errors.
  static let code: Int32 = 64

  /// Tells what is wrong, and ends the process.
  static func end(_ error: any Error, of arguments: [String]) -> Never {
    guard Pastiche.exitCode(for: error).rawValue == code else { Pastiche.exit(withError: error) }
    let message = Pastiche.message(for: error)
    let suggestion = suggestion(for: message)
    if wantsJSON(arguments) {
      JSONLog(isQuiet: false).refused(message + suggestion)
    } else {
      let full = Pastiche.fullMessage(for: error)
      // Behind what it says is wrong, ahead of help.
      let text =
        full.hasPrefix("Error: " + message)
        ? "Error: " + message + suggestion + full.dropFirst("Error: ".count + message.count) : full
      StandardError.write(text.printableLines + "\n")
    }
    Pastiche.exit(withError: ExitCode(code))
  }

  private static func wantsJSON(_ arguments: [String]) -> Bool {
    arguments.contains("--log-format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--log-format" && $1 == "json" }
  }

  /// What was probably meant by a value of which the message says that it is none of several.
  private static func suggestion(for message: String) -> String {
    let parts = message.split(separator: "Please provide one of ")
    guard parts.count == 2 else { return "" }
    let quoted = { (text: Substring) in
      text.split(separator: "'", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
    guard let value = quoted(parts[0]).first,
      let match = quoted(parts[1]).closestMatch(to: value)
    else { return "" }
    return " Did you mean '\(match)'?"
  }

  /// Refuses a first word that is no picture and probably a subcommand's name: it would be taken for a
  /// picture.
  static func checkSubcommand(_ arguments: [String]) throws {
    let names = Pastiche.configuration.subcommands.map { $0._commandName } + ["help"]
    guard let first = arguments.first else { return }
    if first == "help" {
      guard arguments.count > 1, !names.contains(arguments[1]), !arguments[1].hasPrefix("-") else {
        return
      }
      throw ValidationError(
        "there is no subcommand '\(printable(arguments[1]))'."
          + (names.closestMatch(to: arguments[1]).map { " Did you mean '\($0)'?" } ?? ""))
    }
    guard !names.contains(first), first.allSatisfy({ $0.isLetter || $0 == "-" }),
      !first.hasPrefix("-"), FileIdentity(of: RawArguments.path(of: first)) == nil,
      let match = names.closestMatch(to: first)
    else { return }
    throw ValidationError(
      "there is no picture '\(printable(first))', and no subcommand. Did you mean '\(match)'?")
  }
}
