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
    let full = Pastiche.fullMessage(for: error)
    var (told, rest) = (
      message + suggestion(for: message), full.dropFirst("Error: ".count + message.count)
    )
    if let option = unknownOption(in: arguments),
      option.hasPrefix(message) || !message.hasPrefix("Unknown option")
    {
      // What else is wrong may come of it, and the help that goes with that isn't wanted.
      told = option
      rest = full.firstRange(of: "\nUsage: ").map { full[$0.lowerBound...] } ?? ""
    }
    if let value = negativeValue(after: message, in: arguments) {
      told += ": '\(printable(value))' begins with a dash"
    }
    if wantsJSON(arguments) {
      JSONLog(isQuiet: false).refused(told)
    } else {
      let text = full.hasPrefix("Error: " + message) ? "Error: " + told + rest : full
      StandardError.write(text.printableLines + "\n")
    }
    Pastiche.exit(withError: ExitCode(code))
  }

  /// The number below nought that stands where the message misses a value.
  private static func negativeValue(after message: String, in arguments: [String]) -> String? {
    guard message.hasPrefix("Missing value for '"),
      let option = message.split(separator: "'").dropFirst().first?.split(separator: " ").first,
      let place = arguments.firstIndex(of: String(option)), place + 1 < arguments.count,
      Double(arguments[place + 1]) != nil
    else { return nil }
    return arguments[place + 1]
  }

  /// What is wrong with the first option that the command's help doesn't name; nil where there is none.
  private static func unknownOption(in arguments: [String]) -> String? {
    let (known, words) = options(of: arguments)
    for word in words.prefix(while: { $0 != "--" }) where word.hasPrefix("-") {
      let option = String(word.prefix { $0 != "=" })
      let isLong = word.hasPrefix("--")
      guard isLong || word.count == 2, word != "--", word.last?.isNumber != true,
        !known.contains(option)
      else { continue }
      let match =
        isLong
        ? known.filter { $0.hasPrefix("--") }.closestMatch(to: option)
        : option == "-V" ? "--version" : known.first { $0.lowercased() == option.lowercased() }
      return unknown(option, meaning: match)
    }
    return nil
  }

  private static func unknown(_ option: String, meaning match: String?) -> String {
    "Unknown option '\(printable(option))'" + (match.map { ". Did you mean '\($0)'?" } ?? "")
  }

  /// Refuses a long option with one dash, `-output`, which would be taken for `-o utput`.
  static func checkDashes(_ arguments: [String]) throws {
    for word in arguments.prefix(while: { $0 != "--" }) {
      let name = word.dropFirst().prefix { $0 != "=" }
      guard word.hasPrefix("-"), name.count > 2, name.first?.isLetter == true,
        name.allSatisfy({ $0.isLetter || $0 == "-" })
      else { continue }
      let option = name == "out" ? "--output" : "-" + word.prefix { $0 != "=" }
      guard options(of: arguments).known.contains(option) else { continue }
      throw ValidationError(unknown(word, meaning: option))
    }
  }

  /// The options that a command line's command takes, and its words behind the command.
  private static func options(of arguments: [String]) -> (known: [String], ArraySlice<String>) {
    var (command, words) = (Pastiche.self as any ParsableCommand.Type, arguments[...])
    while let word = words.first,
      let next = command.configuration.subcommands.first(where: { $0._commandName == word })
    {
      command = next
      words.removeFirst()
    }
    if command == Pastiche.self { command = Stylize.self }
    let help = Pastiche.helpMessage(for: command, columns: 200)
    let named = help.matches(of: /(?m)(?:^ +|, )(-[a-zA-Z0-9]|--[a-z][a-z0-9-]*)/)
    // One that every command takes and none names.
    return (named.map { String($0.1) } + ["--generate-completion-script"], words)
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

  /// What other tools' subcommands are here.
  private static let others = [
    "list": "models", "ls": "models", "styles": "models", "version": "--version",
  ]

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
      let match = others[first] ?? names.closestMatch(to: first)
    else { return }
    throw ValidationError(
      "there is no picture '\(printable(first))', and no subcommand. Did you mean '\(match)'?")
  }
}
