import Foundation
import SystemPackage
import TestSupport
import Testing

/// Words go to standard error, data to standard output.
@Suite(.deadline(minutes: 5)) struct LogTests {
  /// Two good pictures, one of them done already, and an empty one.
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png")
    try folder.file("photos/c.png")
    try folder.file("photos/notes.txt")
    try folder.file("out/b.png", Array("mine".utf8))
    return folder
  }

  @Test func textTellsEveryPictureAndSumsUp() throws {
    let run = try folder().run("photos", "-o", "out")
    #expect(run.output == "")
    let lines = run.errorLines
    #expect(lines.contains("photos/a.png -> out/a.png (12x9)"))
    #expect(lines.count { $0.contains("c.png") } == 1)
    #expect(lines.contains { $0.hasPrefix("1 done, 1 skipped, 1 failed in ") })
    #expect(lines.contains { $0.hasPrefix("photos/c.png: failed: the file is empty") })
    #expect(
      lines.contains(
        "  passed over: 1 file that doesn't end in .png, .apng, .jpg, .jpeg, .jpe or .jfif"))
  }

  @Test func verboseTellsWhatIsSkipped() throws {
    let run = try folder().run("photos", "-o", "out", "--verbose")
    #expect(run.output == "")
    #expect(run.errorLines.first?.hasPrefix("memory: ") == true)
    #expect(run.errorLines.contains("3 pictures, 1 there already"))
    #expect(run.errorLines.contains { $0.hasPrefix("  peak memory: ") })
    #expect(run.errorLines.contains("photos/b.png: out/b.png is there already"))
  }

  @Test func verboseNamesWhatIsPassedOverUpToTwenty() throws {
    let folder = try folder()
    let terse = try folder.run("photos", "-o", "out")
    #expect(!terse.errors.contains("notes.txt"))
    for number in 10...31 { try folder.file("photos/\(number).txt") }
    for flags in [["--verbose"], ["--verbose", "--dry-run"]] {
      let run = try folder.run(["photos", "-o", "out"] + flags)
      let names = run.errorLines.filter { $0.hasPrefix("passed over: ") }
      #expect(names.count == 21)
      #expect(names.first == "passed over: photos/10.txt")
      #expect(names.suffix(2) == ["passed over: photos/29.txt", "passed over: 3 more"])
    }
  }

  @Test func quietTellsFailuresAlone() throws {
    let run = try folder().run("photos", "-o", "out", "--quiet")
    #expect(run.status == 1)
    #expect(run.output == "")
    #expect(run.errorLines.count == 1)
    #expect(run.errorLines.first?.hasPrefix("photos/c.png: failed: the file is empty") == true)
    let good = try folder().run("photos/a.png", "-o", "d.png", "--norm", "layer", "--quiet")
    #expect(good.status == 0)
    #expect(good.errors == "")
  }

  @Test func aDryRunPrintsAndWritesNothing() throws {
    let folder = try folder()
    let run = try folder.run("photos", "-o", "out", "--dry-run")
    #expect(run.status == 1)
    let lines = run.output.split(separator: "\n")
    let forecast =
      /photos\/a.png -> out\/a.png \(12x9, memory \d+M, scratch 0M, 0\.0 G multiplications, about 0\.\d s\)/
    #expect(try forecast.wholeMatch(in: #require(lines.first)) != nil)
    #expect(lines[1] == "photos/b.png -> out/b.png (there already, skipped)")
    #expect(lines[2].hasPrefix("photos/c.png: failed: the file is empty"))
    let totals = /all: 1 painting, about 0\.\d s, memory \d+M at most, scratch 0M at most/
    #expect(try totals.wholeMatch(in: lines[3]) != nil)
    #expect(lines.count == 4)
    #expect(run.errorLines.count == 1 && run.errors.hasPrefix("memory: "))
    #expect(folder.files(in: "out") == ["b.png"])
  }

  @Test(arguments: [["--norm", "batch"], ["--norm", "group", "--groups", "3"], ["-m", "nosuch"]])
  func aDryRunIsRefusedAsTheRunWouldBe(_ flags: [String]) throws {
    let folder = try folder()
    for more in [[], ["--dry-run"]] {
      let run = try folder.run((["photos", "-o", "out"] + flags + more))
      #expect(run.status == 2)
      #expect(run.output == "")
    }
  }

  // MARK: JSON

  @Test func jsonIsOneEventALine() throws {
    let folder = try folder()
    let run = try folder.run("photos", "-o", "out", "--norm", "layer", "--log-format", "json")
    #expect(run.status == 1)
    #expect(run.output == "")
    let events = try run.events()
    #expect(
      events.compactMap { $0["event"] as? String }.sorted()
        == ["began", "done", "failed", "finished", "note", "skipped"])
    func event(_ name: String) -> NSDictionary? {
      events.first { $0["event"] as? String == name } as NSDictionary?
    }
    #expect(event("began")?["pictures"] as? Int == 3)
    #expect(event("began")?["passed_over_files"] as? Int == 1)
    #expect(
      event("done") == [
        "event": "done", "input": "photos/a.png", "output": "out/a.png", "width": 12, "height": 9,
        "format": "png",
      ])
    #expect(
      event("skipped")
        == ["event": "skipped", "input": "photos/b.png", "output": "out/b.png"])
    #expect(event("failed")?["input"] as? String == "photos/c.png")
    #expect((event("failed")?["error"] as? String)?.hasPrefix("the file is empty") == true)
    #expect(event("finished")?["done"] as? Int == 1)
    #expect(event("finished")?["skipped"] as? Int == 1)
    #expect(event("finished")?["failed"] as? Int == 1)
    #expect(event("finished")?["ended_early"] as? Bool == false)
  }

  @Test func jsonTellsARefusal() throws {
    let run = try folder().run("none", "-o", "out/", "-m", "nosuch", "--log-format", "json")
    #expect(run.status == 2)
    let events = try run.events()
    #expect(events.count == 1)
    #expect(events.first?["event"] as? String == "refused")
    #expect((events.first?["error"] as? String)?.hasPrefix("no style \"nosuch\"") == true)
  }

  @Test func quietJSONTellsFailuresAlone() throws {
    let run = try folder().run("photos", "-o", "out", "--quiet", "--log-format", "json")
    #expect(run.status == 1)
    #expect(try run.events().compactMap { $0["event"] as? String } == ["failed"])
  }

  // MARK: Names

  /// Names as bytes, and as they are printed.
  private static let names: [(bytes: [UInt8], printed: String)] = [
    (Array("plain.png".utf8), "plain.png"),
    (Array("two words.png".utf8), "two words.png"),
    (Array("-rf.png".utf8), "-rf.png"),
    (Array("100%s%n.png".utf8), "100%s%n.png"),
    (Array("Größe 🎨.png".utf8), "Größe 🎨.png"),
    (Array("line\nbreak.png".utf8), "line\\nbreak.png"),
    (Array("\u{1B}[31mred.png".utf8), "\\x1B[31mred.png"),
    ([0x66, 0xFF, 0xFE, 0x2E, 0x70, 0x6E, 0x67], "f\\xFF\\xFE.png"),
    ([0xC3, 0x2E, 0x70, 0x6E, 0x67], "\\xC3.png"),
    (Array(repeating: 0x61, count: 251) + Array(".png".utf8), "aaa"),
  ]

  private static func path(_ bytes: [UInt8], in folder: Folder, _ directory: String) -> FilePath {
    (bytes + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { name in
      let name = name.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
      return folder.path.appending(directory).pushing(name)
    }
  }

  @Test(arguments: names.indices, ["keep", "jpeg"])
  func anyNameIsDoneAndToldExactly(_ index: Int, _ format: String) throws {
    let (bytes, printed) = Self.names[index]
    let folder = try Folder()
    try folder.directory("photos")
    let file = Self.path(bytes, in: folder, "photos")
    try Folder.picture(file)
    let name = Program.Argument(bytes)

    let walked = try folder.run(
      "photos", "-o", "walked", "--format", "\(format)", "--log-format", "json")
    #expect(walked.status == 0)
    let done = try #require(try walked.events().first { $0["event"] as? String == "done" })
    let text = try #require(done["input"] as? String)
    let base64 = (done["input_base64"] as? String).flatMap { Data(base64Encoded: $0) }
    let told = base64.map { [UInt8]($0) } ?? Array(text.utf8)
    #expect(told == Array("photos/".utf8) + bytes)
    #expect((base64 == nil) == (String(validating: bytes, as: UTF8.self) != nil))

    var output = bytes
    if format == "jpeg" { output.replaceSubrange((bytes.count - 3)..., with: Array("jpg".utf8)) }
    #expect(FileManager.default.fileExists(Self.path(output, in: folder, "walked")))

    // The same by its name, from where it lies.
    let photos = try folder.run(
      "--format", "\(format)", "-o", "named/", "--", name, in: "photos")
    #expect(photos.status == 0)
    #expect(FileManager.default.fileExists(Self.path(output, in: folder, "photos/named")))
    #expect(photos.errors.contains(printed))
    #expect(photos.errorLines.count == 2)
  }

  @Test func namesInRefusalsCannotDisturbATerminal() throws {
    let folder = try Folder()
    try folder.directory("photos")
    let file = Self.path([0x0A, 0xFF, 0x2E, 0x70, 0x6E, 0x67], in: folder, "photos")
    try Folder.picture(file)
    let run = try folder.run("photos", "-o", "photos")
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("photos/\\n\\xFF.png is the input"))
  }
}

extension FileManager {
  fileprivate func fileExists(_ path: FilePath) -> Bool {
    path.withPlatformString { access($0, F_OK) == 0 }
  }
}
