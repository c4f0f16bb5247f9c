import SystemPackage
import TestSupport
import Testing

/// The command line as shells complete it.
@Suite(.deadline(minutes: 2)) struct CompletionTests {
  private func script(_ shell: String, in folder: Folder) throws -> String {
    let run = try folder.run(["--generate-completion-script", shell])
    try #require(run.status == 0 && run.errors == "")
    return run.output
  }

  /// swift-argument-parser's scripts know no default subcommand; what is added has found its place.
  @Test(arguments: [
    ("bash", "complete -o filenames -F _pastiche_or_stylize pastiche\n"),
    ("zsh", "compdef _pastiche_or_stylize pastiche\n"),
    ("fish", "set -p unparsed_tokens stylize\n"),
  ]) func stylizeNeedsNoName(_ shell: String, _ words: String) throws {
    #expect(try script(shell, in: Folder()).contains(words))
  }

  /// What bash offers for the last of the words.
  private func offered(_ words: [String], in folder: Folder) throws -> [String] {
    try folder.file("completion", Array(script("bash", in: folder).utf8))
    let quoted = (["pastiche"] + words).map { "'\($0)'" }.joined(separator: " ")
    let line = (["pastiche"] + words).joined(separator: " ")
    let run = try folder.start(
      [
        "-c",
        """
        source ./completion
        pastiche() { \(Program.executable) "$@"; }
        COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count)
        COMP_LINE='\(line)' COMP_POINT=\(line.utf8.count)
        _pastiche_or_stylize pastiche '\(words[words.count - 1])' '\(words.count > 1 ? words[words.count - 2] : "pastiche")'
        printf '%s\\n' "${COMPREPLY[@]}"
        """,
      ], of: "/bin/bash"
    ).wait()
    #expect(run.errors == "")
    return run.output.split(separator: "\n").map(String.init).sorted()
  }

  @Test func bashOffersStylesOptionsAndFiles() throws {
    let folder = try Folder()
    try folder.picture("photo.png")
    try folder.file("styles/tide.safetensors")
    try folder.file("styles/notes.txt")
    let styles = try offered(["photo.png", "-m", ""], in: folder)
    #expect(styles.contains("all") && styles.contains("ink") && !styles.contains("photo.png"))
    #expect(try offered(["photo.png", "-m", "in"], in: folder) == ["ink"])
    #expect(try offered(["photo.png", "-m", "ink,al"], in: folder) == ["ink,all"])
    #expect(
      try offered(["photo.png", "-m", "styles/"], in: folder) == ["styles/tide.safetensors"])
    #expect(
      try offered(["photo.png", "--models", "styles", "-m", "ti"], in: folder) == ["tide"])
    #expect(try offered(["stylize", "photo.png", "--norm", "la"], in: folder) == ["layer"])
    #expect(try offered(["photo.png", "--norm", "la"], in: folder) == ["layer"])
    #expect(try offered(["photo.png", "-o", "ph"], in: folder) == ["photo.png"])
    // Where a subcommand may stand, a picture may.
    #expect(try offered(["p"], in: folder) == ["photo.png", "preview"])
    #expect(try offered(["preview", "ph"], in: folder) == ["photo.png"])
  }
}
