import Foundation
import SystemPackage
import TestSupport
import Testing

/// The help text of every command, held against recorded ones, so that a change of it is seen.
///
/// After a change that is meant, `PASTICHE_RECORD=1 swift test --filter HelpTests` records anew, and
/// fails, so that no run on its own approves of what it made.
@Suite(.deadline(minutes: 5)) struct HelpTests {
  private static let recorded = FilePath(#filePath).removingLastComponent().appending("Help")

  /// The names of the commands that a help lists.
  private func commands(in help: String) -> [String] {
    let list = lines(help).drop { $0 != "SUBCOMMANDS:" }.dropFirst()
    // An empty line ends it; a summary's next line is set in as far as the summaries are.
    return list.prefix { $0.hasPrefix("  ") }.filter { !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  @Test func everyCommandsHelpIsAsRecorded() throws {
    let folder = try Folder()
    func help(_ arguments: [String]) throws -> String {
      // Lines are as long as the terminal's, where it says so.
      let run = try folder.run(arguments, environment: ["COLUMNS": "80"])
      #expect(run.status == 0 && run.errors == "")
      return run.output
    }
    let all = try help(["--help"])
    var commands = commands(in: all).map { [$0] }
    try #require(commands.contains(["stylize"]))
    try expectRecorded(all, as: "pastiche")
    var names = ["pastiche"]
    while let command = commands.popLast() {
      let text = try help(["help"] + command)
      #expect(try help(command + ["--help"]) == text)
      names.append(command.joined(separator: "-"))
      try expectRecorded(text, as: names[names.count - 1])
      commands += self.commands(in: text).map { command + [$0] }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.recorded.string)
    #expect(files.sorted() == names.map { "\($0).txt" }.sorted())
  }

  private func expectRecorded(_ help: String, as name: String) throws {
    let file = URL(fileURLWithPath: Self.recorded.appending("\(name).txt").string)
    if ProcessInfo.processInfo.environment["PASTICHE_RECORD"] != nil {
      try Data(help.utf8).write(to: file)
      Issue.record("recorded \(file.path); look at it, then run again without PASTICHE_RECORD")
      return
    }
    let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    let (found, known) = (lines(help), lines(expected))
    // The lines that differ are easier to read than two whole texts.
    #expect(found.difference(from: known).map(String.init(describing:)) == [], "\(name)")
    #expect(help == expected)
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
