import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// Several pictures one after the other on standard input.
@Suite(.deadline(minutes: 5)) struct FrameTests {
  /// Pictures of very different sizes, `frames/1.png` and so on, and all of them in `stream`; some are
  /// JPEG.
  private func folder(_ count: Int, then rest: [UInt8] = []) throws -> (Folder, [String]) {
    let folder = try Folder()
    var (bytes, names): ([UInt8], [String]) = ([], [])
    for number in 1...count {
      let format: ImageFormat = number % 3 == 2 ? .jpeg : .png
      names.append("\(number).\(format == .png ? "png" : "jpg")")
      let side = [150, 60, 5][(number - 1) % 3]
      try folder.picture(
        "frames/\(names[number - 1])", width: side, height: side + number, seed: number,
        format: format)
      bytes += try folder.bytes("frames/\(names[number - 1])")
    }
    try folder.file("stream", bytes + rest)
    return (folder, names)
  }

  @Test(arguments: [(2, "1"), (7, "1"), (7, "4")], ["0", "1"])
  func theyGoThroughInOrder(_ counts: (pictures: Int, jobs: String), _ strength: String) throws {
    let (folder, names) = try folder(counts.pictures)
    #expect(try folder.run("frames", "-o", "expected", "--strength", "\(strength)").status == 0)
    let run = try folder.run(
      "-", "-o", "-", "-j", "\(counts.jobs)", "--strength", "\(strength)", from: "stream",
      to: "painted")
    #expect(run.status == 0)
    let expected = try names.flatMap { try folder.bytes("expected/\($0)") }
    #expect(try folder.bytes("painted") == expected)
    #expect(run.errors.contains("-#2 -> - (60x62)"))
    #expect(run.errors.contains("\(names.count) done in "))
  }

  @Test func inADirectoryTheyAreNumbered() throws {
    let (folder, names) = try folder(3)
    #expect(try folder.run("frames", "-o", "expected").status == 0)
    let numbered = ["000001.png", "000002.jpg", "000003.png"]
    #expect(try folder.run("-", "-o", "out/", from: "stream").status == 0)
    #expect(folder.files(in: "out") == numbered)
    for (name, number) in zip(names, numbered) {
      #expect(try folder.bytes("out/\(number)") == folder.bytes("expected/\(name)"))
    }
    try folder.remove("out/000002.jpg")
    let second = try folder.run("-", "-o", "out", from: "stream")
    #expect(second.status == 0)
    #expect(second.errors.contains("1 done, 2 skipped in "))
    #expect(second.errors.contains("pass --overwrite to replace them"))
    let third = try folder.run("-", "-o", "out", "--overwrite", from: "stream")
    #expect(third.errors.contains("3 done in "))
  }

  /// One alone is named as the first of several would be.
  @Test func oneAloneMayGoToADirectory() throws {
    let folder = try Folder()
    try folder.picture("a.jpg", format: .jpeg)
    #expect(try folder.run("a.jpg", "-o", "expected.jpg").status == 0)
    let run = try folder.run("-", "-o", "out/", from: "a.jpg")
    #expect(run.status == 0)
    #expect(run.errors.contains("- -> out/000001.jpg (12x9)"))
    #expect(try folder.bytes("out/000001.jpg") == folder.bytes("expected.jpg"))
    #expect(try folder.run("-", "-o", "out", from: "a.jpg").errors.contains("1 skipped"))
  }

  @Test func eachStyleHasItsDirectory() throws {
    let (folder, _) = try folder(2)
    let run = try folder.run("-", "-o", "out", "-m", "ink,oil", from: "stream")
    #expect(run.status == 0)
    #expect(
      folder.files(in: "out") == [
        "ink/000001.png", "ink/000002.jpg", "oil/000001.png", "oil/000002.jpg",
      ])
    #expect(try folder.run("-", "-o", "alone/", "-m", "oil", from: "stream").status == 0)
    #expect(try folder.bytes("out/oil/000001.png") == folder.bytes("alone/000001.png"))
  }

  /// Files that are called as they are don't come into it.
  @Test func liveBatchesAreOfFramesAsTheyCome() throws {
    let (folder, names) = try folder(3)
    let flags = ["--norm", "batch-live", "--batch", "2"]
    #expect(try folder.run(["frames", "-o", "expected"] + flags).status == 0)
    for number in 1...3 { try folder.picture("-#\(number)") }
    let program = (["-", "-o", "out/"] + flags).map(Program.Argument.init(stringLiteral:))
    let run = try folder.start(program, standardInput: "\(folder.path)/stream").wait()
    #expect(run.status == 0)
    for (name, number) in zip(names, ["000001.png", "000002.jpg", "000003.png"]) {
      #expect(try folder.bytes("out/\(number)") == folder.bytes("expected/\(name)"))
    }
  }

  @Test(arguments: ["0", "1"]) func aDamagedOneIsLeftOut(_ strength: String) throws {
    let (folder, names) = try folder(3)
    #expect(try folder.run("frames", "-o", "expected", "--strength", "\(strength)").status == 0)
    var bytes = try folder.bytes("stream")
    let start = try folder.bytes("frames/\(names[0])").count
    // In the middle of the pixels of the second, a JPEG, whose end stays where it is.
    let middle = start + (try folder.bytes("frames/\(names[1])").count) - 20
    bytes.replaceSubrange(middle..<middle + 18, with: repeatElement(0xFE, count: 18))
    try folder.file("stream", bytes)
    let run = try folder.run(
      "-", "-o", "-", "--strength", "\(strength)", from: "stream", to: "painted")
    #expect(run.status == 1)
    #expect(run.errors.contains("-#2: failed: damaged: "))
    #expect(run.errors.contains("2 done, 1 failed in "))
    let expected = try [0, 2].flatMap { try folder.bytes("expected/\(names[$0])") }
    #expect(try folder.bytes("painted") == expected)
  }

  @Test func bytesThatBeginNoPictureAreAFailure() throws {
    let (folder, _) = try folder(2, then: Array("no picture".utf8))
    let offset = try folder.bytes("stream").count - 10
    let words =
      "behind 2 pictures, at byte \(offset), stands what is neither PNG nor JPEG: begins with "
      + "6e 6f 20 70 69 63 74 75; nothing from there on is read"
    let run = try folder.run("-", "-o", "out/", from: "stream")
    #expect(run.status == 1)
    #expect(run.errors.contains("2 done, 1 failed in "))
    #expect(run.errors.contains("-#3: failed: \(words)"))
    #expect(folder.files(in: "out") == ["000001.png", "000002.jpg"])
  }

  @Test func theLogForProgramsTellsEach() throws {
    let (folder, _) = try folder(2, then: [0])
    let events = try folder.run("-", "-o", "out/", "--log-format", "json", from: "stream").events()
    let began = try #require(events.first { $0["event"] as? String == "began" })
    #expect(began["pictures"] == nil)
    let done = events.filter { $0["event"] as? String == "done" }
    #expect(Set(done.compactMap { $0["input"] as? String }) == ["-#1", "-#2"])
    #expect(
      Set(done.compactMap { $0["output"] as? String }) == ["out/000001.png", "out/000002.jpg"])
    let failed = try #require(events.first { $0["event"] as? String == "failed" })
    #expect(failed["input"] as? String == "-#3")
    #expect((failed["error"] as? String)?.hasPrefix("behind 2 pictures, at byte ") == true)
    #expect(events.last?["done"] as? Int == 2 && events.last?["ended_early"] as? Bool == false)
  }

  @Test(arguments: [
    (
      ["-o", "b.png"],
      "on standard input several pictures stand one after the other, and b.png is one file; name a "
        + "directory, with a slash at its end, or - for standard output"
    ),
    (["-o", "out/", "--html", "page.html"], "--html shows pictures whose number is known"),
    (["-o", "stream/"], "can't write to stream: Not a directory"),
  ]) func whatCannotBeDoneIsRefused(_ arguments: [String], _ words: String) throws {
    let (folder, names) = try folder(2)
    let program = (["-"] + arguments).map(Program.Argument.init(stringLiteral:))
    let run = try folder.start(program, standardInput: "\(folder.path)/stream").wait()
    #expect(run.status == 2)
    #expect(run.errors.contains(words))
    #expect(folder.files(in: "") == names.map { "frames/\($0)" } + ["stream"])
  }

  @Test func aDryRunTellsThatTheyAreCountedLater() throws {
    let (folder, _) = try folder(2)
    let run = try folder.run("-", "-o", "out/", "--dry-run", from: "stream")
    #expect(run.status == 0)
    #expect(
      run.output
        == "-#1 -> out/000001.png (one of several on standard input, which are counted as they come)\n"
    )
    #expect(!folder.exists("out"))
  }

  /// What looks at pictures alone takes the first.
  @Test func aPreviewShowsTheFirst() throws {
    let (folder, names) = try folder(2)
    for (input, sheet) in [("stream", "several.png"), ("frames/\(names[0])", "one.png")] {
      let run = try folder.run("preview", "-", "-o", "\(sheet)", "-m", "ink", from: input)
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try folder.bytes("several.png") == folder.bytes("one.png"))
  }

  /// A pipe into which nobody writes any more is not waited for.
  @Test(arguments: [SIGINT, SIGTERM], ["0", "1"])
  func aStreamThatFallsSilentCanBeEnded(_ signal: Int32, _ strength: String) throws {
    let (folder, _) = try folder(2)
    let path = "\(folder.path)/pipe"
    mkfifo(path, 0o600)
    let pipe = try FileDescriptor.open(FilePath(path), .readWrite)
    defer { try? pipe.close() }
    let running = try folder.start(
      ["-", "-o", "out/", "--strength", "\(strength)"], standardInput: path)
    let bytes = try folder.bytes("stream")
    DispatchQueue(label: "writer").async { _ = try? pipe.writeAll(bytes) }
    for name in ["-#1 -> out/000001.png", "-#2 -> out/000002.jpg"] { running.waitForErrors(name) }
    running.send(signal)
    let ended = try running.wait()
    #expect(ended.status == 128 + signal)
    #expect(ended.errors.contains("2 done in "))
    #expect(ended.errors.contains("; ended early"))
    #expect(folder.files(in: "out") == ["000001.png", "000002.jpg"])
  }

  /// Before it is known whether there are several, too.
  @Test func aSilentStandardInputCanBeLeft() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let path = "\(folder.path)/pipe"
    mkfifo(path, 0o600)
    let pipe = try FileDescriptor.open(FilePath(path), .readWrite)
    defer { try? pipe.close() }
    let running = try folder.start(["-", "-o", "b.png"], standardInput: path)
    _ = try pipe.writeAll(folder.bytes("a.png"))
    usleep(300_000)
    running.send(SIGINT)
    #expect([130, -SIGINT].contains(try running.wait().status))
    #expect(!folder.exists("b.png"))
  }

  @Test func anOutputThatNobodyReadsEndsTheRun() throws {
    let (folder, _) = try folder(7)
    let path = "\(folder.path)/pipe"
    mkfifo(path, 0o600)
    DispatchQueue(label: "reader").async {
      try? FileDescriptor.open(FilePath(path), .readOnly).close()
    }
    let run = try folder.run("-", "-o", "-", from: "stream", to: "pipe")
    #expect(run.status == 2)
    #expect(run.errors.contains("-#1: failed: can't write the output: Broken pipe"))
    #expect(run.errors.contains("0 done, 1 failed in "))
    #expect(run.errors.contains("; ended early"))
  }
}
