import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `-` for standard input and output, and pipes by name.
@Suite(.deadline(minutes: 5)) struct PipeTests {
  /// A pipe with a name, and what is written to it by another thread as soon as it is read.
  private func pipe(_ folder: Folder, _ name: String, giving bytes: [UInt8]?) {
    let path = "\(folder.path)/\(name)"
    mkfifo(path, 0o600)
    guard let bytes else { return }
    DispatchQueue(label: "writer").async {
      guard let pipe = try? FileDescriptor.open(FilePath(path), .writeOnly) else { return }
      _ = try? pipe.closeAfter { try pipe.writeAll(bytes) }
    }
  }

  @Test(arguments: [("png", true), ("png", false), ("jpg", true), ("jpg", false)])
  func aPictureGoesThroughAsItWouldFromFileToFile(_ kind: String, _ isPiped: Bool) throws {
    let folder = try Folder()
    try folder.picture("a.\(kind)", width: 90, height: 70, format: kind == "png" ? .png : .jpeg)
    #expect(try folder.run("a.\(kind)", "-o", "expected.\(kind)").status == 0)
    if isPiped { pipe(folder, "pipe", giving: try folder.bytes("a.\(kind)")) }
    let run = try folder.run("-", "-o", "-", from: isPiped ? "pipe" : "a.\(kind)", to: "b")
    #expect(run.status == 0)
    #expect(try folder.bytes("b") == folder.bytes("expected.\(kind)"))
    #expect(run.errors.contains("- -> - (90x70)"))
  }

  @Test func eitherEndMayBeAFile() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    #expect(try folder.run("a.png", "-o", "expected.jpg").status == 0)
    #expect(try folder.run("-", "-o", "b.jpg", from: "a.png").status == 0)
    #expect(try folder.bytes("b.jpg") == folder.bytes("expected.jpg"))
    #expect(try folder.run("a.png", "-o", "-", "--format", "jpeg", to: "c").status == 0)
    #expect(try folder.bytes("c") == folder.bytes("expected.jpg"))
  }

  /// With a dot and a slash it is a file like others.
  @Test func aFileMayBeCalledSo() throws {
    let folder = try Folder()
    try folder.picture("-")
    #expect(try folder.run("./-", "-o", "b.png").status == 0)
    #expect(try folder.image("b.png").width == 12)
  }

  @Test func aPipeByNameIsReadOnce() throws {
    let folder = try Folder()
    try folder.picture("a.jpg", width: 90, height: 70, format: .jpeg)
    #expect(try folder.run("a.jpg", "-o", "expected.jpg").status == 0)
    pipe(folder, "b.jpg", giving: try folder.bytes("a.jpg"))
    let run = try folder.run("b.jpg", "-o", "out/")
    #expect(run.status == 0)
    #expect(try folder.bytes("out/b.jpg") == folder.bytes("expected.jpg"))
  }

  @Test(arguments: [
    ("", "the file is empty"), ("words", "neither PNG nor JPEG: begins with 77 6f 72 64 73"),
    ("\u{89}PNG\r\n", "neither PNG nor JPEG"),
  ]) func whatIsNoPictureFails(_ input: String, _ words: String) throws {
    let folder = try Folder()
    try folder.file("input", Array(input.utf8))
    for output in ["-", "b.png"] {
      let run = try folder.run("-", "-o", "\(output)", from: "input")
      #expect(run.status == 2)
      #expect(run.errors.contains("-: failed: \(words)"))
      #expect(run.output == "")
      #expect(folder.files(in: "") == ["input"])
    }
  }

  @Test func aClosedStandardInputFails() throws {
    let folder = try Folder()
    let closing: [Program.Argument] = ["-c", "exec \"$@\" <&-", "sh", "\(Program.executable)"]
    for arguments: [Program.Argument] in [
      ["-", "-o", "b.png"], ["--files-from", "-", "-o", "out"],
    ] {
      let run = try folder.start(closing + arguments, of: "/bin/sh").wait()
      #expect(run.status == 2)
      #expect(run.errors.contains("can't be read: Bad file descriptor"))
      #expect(folder.files(in: "") == [])
    }
  }

  @Test(arguments: ["0", "1"]) func anOutputThatNobodyReadsFails(_ strength: String) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 400, height: 300)
    pipe(folder, "pipe", giving: nil)
    // Its reader goes as soon as the program has come.
    let path = "\(folder.path)/pipe"
    DispatchQueue(label: "reader").async {
      try? FileDescriptor.open(FilePath(path), .readOnly).close()
    }
    let run = try folder.run(
      "a.png", "-o", "-", "--strength", "\(strength)", "--compression", "0", to: "pipe")
    #expect(run.status == 2)
    #expect(run.errors.contains("a.png: failed: can't write the output: Broken pipe"))
  }

  @Test func aFullOutputFails() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.start(["a.png", "-o", "-"], standardOutput: "/dev/full").wait()
    #expect(run.status == 2)
    #expect(run.errors.contains("a.png: failed: no space left on the disk for the output"))
  }

  @Test(arguments: [
    (["a.png", "b.png", "-o", "-"], "only a single picture can go to standard output (-o -)"),
    (["photos", "-o", "-"], "only a single picture can go to standard output (-o -)"),
    (["-", "a.png", "-o", "out"], "standard input (-) goes alone"),
    (["-", "-o", "out"], "to name a directory, end it in a slash"),
  ]) func whatDoesNotGoTogetherIsAUsageError(_ arguments: [String], _ words: String) throws {
    let folder = try Folder()
    for name in ["a.png", "b.png", "photos/c.png"] { try folder.picture(name) }
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(words))
  }
}
