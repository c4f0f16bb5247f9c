import Foundation
import ImageFiles
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
    #expect(folder.files(in: "out") == ["-.png", "a.png", "sub/b.png", "two words.png"])
  }

  /// Lists from elsewhere end their lines in two bytes.
  @Test func linesMayEndInCarriageReturns() throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\r\n\r\nsub/b.png\r\n".utf8))
    #expect(try folder.run("--files-from", "list", "-o", "out").status == 0)
    #expect(folder.files(in: "out") == ["a.png", "sub/b.png"])
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
    #expect(folder.files(in: "out") == ["a.png", "sub/b.png"])
  }

  @Test func goesWithInputsNamedAndMayHoldDirectories() throws {
    let folder = try folder()
    try folder.file("list", Array("photos\nsub/b.png\n./a.png\n".utf8))
    let run = try folder.run("a.png", "--files-from", "list", "-o", "out")
    #expect(run.status == 0)
    // The one named twice is done once.
    #expect(folder.files(in: "out") == ["a.png", "photos/c.png", "sub/b.png"])
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
    try folder.picture("sub/b.jpg", format: .jpeg)
    try folder.file("list", Array("sub/b.png\nsub/b.jpg\n".utf8))
    let run = try folder.run("--files-from", "list", "-o", "out", "--format", "png")
    #expect(run.status == 2)
    #expect(run.errors.contains("sub/b.jpg and sub/b.png would both be written to out/b.png"))
    #expect(!folder.exists("out"))
  }

  // MARK: Encodings

  @Test func mayBeginWithAByteOrderMark() throws {
    let folder = try folder()
    for (list, flags) in [("a.png\n", []), ("a.png\0", ["-0"])] {
      try folder.file("list", [0xEF, 0xBB, 0xBF] + Array(list.utf8))
      let run = try folder.run(["--files-from", "list", "-o", "out", "--overwrite"] + flags)
      #expect(run.status == 0)
      #expect(folder.files(in: "out") == ["a.png"])
    }
  }

  @Test(arguments: [true, false], [[], ["-0"]])
  func inUTF16IsRefused(_ isLittle: Bool, _ flags: [String]) throws {
    let folder = try folder()
    let units = "\u{FEFF}a.png\n".utf16.map { isLittle ? $0.littleEndian : $0.bigEndian }
    try folder.file("list", units.withUnsafeBytes { [UInt8]($0) })
    let run = try folder.run(["--files-from", "list", "-o", "out"] + flags)
    #expect(run.status == 2)
    #expect(run.errors == "pastiche: list: the list is UTF-16; save it as UTF-8\n")
  }

  // MARK: Paths that are kept

  /// Those of a list from the directory on that holds all of it, those of names where they say so.
  @Test(arguments: [
    (["--files-from", "deep"], ["b.png", "er/d.png"]),
    (["--files-from", "deep", "--base", "."], ["sub/b.png", "sub/er/d.png"]),
    (["--files-from", "deep", "--base", "sub"], ["b.png", "er/d.png"]),
    (["--files-from", "deep", "--base", "link"], ["b.png", "er/d.png"]),
    (
      ["a.png", "--files-from", "deep", "--base", "sub/.."],
      ["a.png", "sub/b.png", "sub/er/d.png"]
    ),
    (["sub/er/d.png", "sub/b.png"], ["b.png", "d.png"]),
    (["sub/er/d.png", "sub/b.png", "--base", "."], ["sub/b.png", "sub/er/d.png"]),
    (["sub", "photos", "--base", "."], ["photos/c.png", "sub/b.png"]),
    (["sub", "photos"], ["b.png", "c.png"]),
    (["link/er", "--base", "sub"], ["er/d.png"]),
  ]) func pathsAreKeptFromTheBaseOn(_ arguments: [String], _ outputs: [String]) throws {
    let folder = try folder()
    try folder.picture("sub/er/d.png")
    try folder.link("link", to: "sub")
    try folder.file("deep", Array("sub/b.png\n\(folder.path)/sub/er/d.png\n".utf8))
    #expect(try folder.run(arguments + ["-o", "out/"]).status == 0)
    #expect(folder.files(in: "out") == outputs)
  }

  @Test func whatIsNotBelowTheBaseRefusesTheRun() throws {
    let folder = try folder()
    let one = try folder.run("a.png", "sub/b.png", "--base", "sub", "-o", "out")
    #expect(one.status == 2)
    #expect(
      one.errors
        == "pastiche: a.png is not below sub; name a directory above all of them with --base\n")
    try folder.file("list", Array("a.png\nmissing.png\n../sub/b.png\nsub/b.png".utf8))
    let several = try folder.run("--files-from", "list", "--base", "sub", "-o", "out")
    #expect(several.status == 2)
    #expect(
      several.errorLines == [
        "pastiche: 3 inputs are not below sub:", "  ../sub/b.png", "  a.png", "  missing.png",
        "name a directory above all of them with --base",
      ])
    let none = try folder.run("a.png", "--base", "nowhere", "-o", "out/")
    #expect(none.status == 2)
    #expect(none.errors == "pastiche: nowhere is no directory; name one with --base\n")
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
    (["-", "--base", ".", "-o", "out/a.png"], "standard input (-) has no path for --base to keep"),
    (["--files-from", "list", "-o", "-"], "only a single picture can go to standard output"),
  ]) func whatDoesNotGoTogetherIsAUsageError(_ arguments: [String], _ words: String) throws {
    let folder = try folder()
    try folder.file("list", Array("a.png\n".utf8))
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(words))
  }
}
