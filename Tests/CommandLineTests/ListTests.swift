import Foundation
import SystemPackage
import TestSupport
import Testing

/// `--files-from`.
@Suite(.deadline(minutes: 5)) struct ListTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    for name in ["a.png", "sub/b.png", "two words.png", "line\nend.png", "-", "photos/c.png"] {
      try folder.picture(name)
    }
    return folder
  }

  @Test func isReadLineByLine() throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\n\nsub/b.png\ntwo words.png\n-".utf8))
    let run = try folder.run("--files-from", "list", "-o", "out")
    #expect(run.status == 0)
    #expect(folder.files(in: "out") == ["-.png", "a.png", "b.png", "two words.png"])
  }

  /// Lists from elsewhere end their lines in two bytes.
  @Test func linesMayEndInCarriageReturns() throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\r\n\r\nsub/b.png\r\n".utf8))
    #expect(try folder.run("--files-from", "list", "-o", "out").status == 0)
    #expect(folder.files(in: "out") == ["a.png", "b.png"])
  }

  @Test(arguments: ["-0", "--null"]) func namesMayEndInNullBytes(_ flag: String) throws {
    let folder = try folder()
    try folder.picture("return\r")
    try folder.file("list", Array("a.png\0line\nend.png\0return\r\0".utf8))
    let run = try folder.run("--files-from", "list", "\(flag)", "-o", "out")
    #expect(run.status == 0)
    #expect(folder.files(in: "out") == ["a.png", "line\nend.png", "return\r.png"])
  }

  /// Else all but the first name would be lost in silence.
  @Test func nullBytesWithoutTheFlagAreRefused() throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\0sub/b.png\0".utf8))
    let run = try folder.run("--files-from", "list", "-o", "out")
    #expect(run.status == 2)
    #expect(
      run.errors
        == "pastiche: list: the list has null bytes in it; pass -0 if they end its names\n")
    #expect(!folder.exists("out"))
  }

  @Test(arguments: ["\n", "\0"]) func namesNeedNotBeUTF8(_ end: String) throws {
    let folder = try folder()
    let name: [UInt8] = [0xFF, 0x61, 0xC3]
    // The name as a path of bytes, which Foundation would repair.
    let odd = FilePath(
      platformString: (Array("\(folder.path)/".utf8) + name + [0]).map {
        CChar(bitPattern: $0)
      })
    try Folder.picture(odd)
    try folder.file("list", name + Array(end.utf8))
    let flags = end == "\0" ? ["-0"] : []
    let run = try folder.run(
      ["--files-from", "list", "-o", "out", "--log-format", "json"] + flags)
    #expect(run.status == 0)
    let done = try #require(try run.events().first { $0["event"] as? String == "done" })
    #expect(done["input_base64"] as? String == Data(name).base64EncodedString())
    #expect(
      done["output_base64"] as? String
        == Data(Array("out/".utf8) + name + Array(".png".utf8)).base64EncodedString())
  }

  @Test func mayComeFromStandardInput() throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\nsub/b.png\n".utf8))
    let run = try folder.run("--files-from", "-", "-o", "out", from: "list")
    #expect(run.status == 0)
    #expect(folder.files(in: "out") == ["a.png", "b.png"])
  }

  @Test func goesWithInputsNamedAndMayHoldDirectories() throws {
    let folder = try folder()
    try folder.file("list", Array("photos\nsub/b.png\n./a.png\n".utf8))
    let run = try folder.run("a.png", "--files-from", "list", "-o", "out")
    #expect(run.status == 0)
    // The one named twice is done once.
    #expect(folder.files(in: "out") == ["a.png", "b.png", "c.png"])
    #expect(run.errors.contains("3 done"))
  }

  @Test func aNameThatLeadsNowhereFailsAlone() throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\nmissing.png\n".utf8))
    let run = try folder.run("--files-from", "list", "-o", "out")
    #expect(run.status == 1)
    #expect(run.errors.contains("missing.png: failed: can't be read: No such file or directory"))
    #expect(folder.files(in: "out") == ["a.png"])
  }

  @Test func twoOfItThatWantOneOutputAreRefused() throws {
    let folder = try folder()
    try folder.picture("other/b.png", seed: 2)
    try folder.file("list", Array("sub/b.png\nother/b.png\n".utf8))
    let run = try folder.run("--files-from", "list", "-o", "out")
    #expect(run.status == 2)
    #expect(run.errors.contains("other/b.png and sub/b.png would both be written to out/b.png"))
    #expect(!folder.exists("out"))
  }

  @Test(arguments: [
    ("missing", "pastiche: missing: the list can't be read: No such file or directory"),
    ("sub", "pastiche: sub: the list can't be read: Is a directory"),
    ("empty", "pastiche: no pictures found"),
    ("blank", "pastiche: no pictures found"),
  ]) func aListOfNothingIsRefused(_ list: String, _ words: String) throws {
    let folder = try folder()
    try folder.file("empty")
    try folder.file("blank", Array("\n\r\n\n".utf8))
    let run = try folder.run("--files-from", "\(list)", "-o", "out")
    #expect(run.status == 2)
    #expect(run.errors.contains(words))
    #expect(!folder.exists("out"))
  }

  @Test(arguments: [
    (["a.png", "-0", "-o", "out"], "-0 goes with --files-from"),
    (["-", "--files-from", "list", "-o", "out"], "standard input (-) goes alone"),
    (["-", "--files-from", "-", "-o", "out"], "standard input (-) goes alone"),
    (["--files-from", "list", "-o", "-"], "only a single picture can go to standard output"),
  ]) func whatDoesNotGoTogetherIsAUsageError(_ arguments: [String], _ words: String) throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\n".utf8))
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(words))
  }
}
