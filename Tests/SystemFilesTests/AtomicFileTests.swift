import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite(.deadline(minutes: 2)) struct AtomicFileTests {
  @Test(arguments: [false, true]) func isAbsentUntilCommitted(replacing: Bool) throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.path.appending("out"), replacing: replacing)
    try write("first ", to: file)
    #expect(folder.content(of: "out") == nil)
    try write("second", to: file)
    try file.commit()
    #expect(folder.content(of: "out") == "first second")
    #expect(try folder.entries == ["out"])
  }

  @Test func isDiscardedWithoutATrace() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(path: folder.path.appending("out"), replacing: true)
      try write("half", to: file)
    }
    #expect(try folder.entries == [])
  }

  @Test func replacesAWholeFileByAWholeFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("out", holding: "old")
    let file = try AtomicFile(path: path, replacing: true)
    try write("new", to: file)
    #expect(folder.content(of: "out") == "old")
    try file.commit()
    #expect(folder.content(of: "out") == "new")
    #expect(try folder.entries == ["out"])
  }

  @Test func leavesWhatIsThere() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("out", holding: "old")
    #expect(throws: AtomicFileError.exists(path)) {
      try AtomicFile(path: path, replacing: false).commit()
    }
    #expect(folder.content(of: "out") == "old")
  }

  @Test func leavesWhatAppearsMeanwhile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("out")
    let file = try AtomicFile(path: path, replacing: false)
    try write("ours", to: file)
    _ = try folder.file("out", holding: "theirs")
    #expect(throws: AtomicFileError.exists(path)) { try file.commit() }
    #expect(folder.content(of: "out") == "theirs")
    #expect(try folder.entries == ["out"])
  }

  // Where files have names from the first, and the disk knows but some of the ways to give others.

  static let ways: [[AtomicFile.Way]] = [[.rename], [.link], [.claim], [.link, .claim]]

  @Test(arguments: ways) func everyWayNamesAWholeFile(_ ways: [AtomicFile.Way]) throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder["out"], replacing: false, naming: ways)
    try write("whole", to: file)
    #expect(try folder.entries.allSatisfy { $0.hasPrefix(".pastiche-") })
    try file.commit()
    #expect(folder.content(of: "out") == "whole")
    #expect(try folder.entries == ["out"])
  }

  @Test(arguments: ways) func noWayTakesANameThatIsTaken(_ ways: [AtomicFile.Way]) throws {
    let folder = try TemporaryFolder()
    let path = folder["out"]
    do {
      let file = try AtomicFile(path: path, replacing: false, naming: ways)
      _ = try folder.file("out", holding: "theirs")
      #expect(throws: AtomicFileError.exists(path)) { try file.commit() }
    }
    #expect(folder.content(of: "out") == "theirs")
    #expect(try folder.entries == ["out"])
  }

  @Test(arguments: ways) func whereEveryWayFailsTheReasonIsTold(_ ways: [AtomicFile.Way]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.directory("gone").appending("out")
    let file = try AtomicFile(path: path, replacing: false, naming: ways)
    try FileManager.default.removeItem(atPath: folder["gone"].string)
    #expect(throws: AtomicFileError.failed(.rename, path, .noSuchFileOrDirectory)) {
      try file.commit()
    }
  }

  @Test func aLinkToNowhereIsThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("out")
    try FileManager.default.createSymbolicLink(
      atPath: path.string, withDestinationPath: "nowhere")
    #expect(throws: AtomicFileError.exists(path)) {
      try AtomicFile(path: path, replacing: false).commit()
    }
  }

  @Test func aMissingFolderIsAnError() {
    let path: FilePath = "/nonexistent/folder/out"
    #expect(throws: AtomicFileError.failed(.create, path, .noSuchFileOrDirectory)) {
      try AtomicFile(path: path, replacing: false)
    }
  }

  @Test(arguments: [0o600, 0o644, 0o640, 0o400]) func aReplacedFilePassesItsModeOn(_ mode: mode_t)
    throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("out", holding: "old")
    try #require(chmod(path.string, mode) == 0)
    let file = try AtomicFile(path: path, replacing: true)
    try write("new", to: file)
    try file.commit()
    #expect(FileIdentity(of: path)?.permissions == mode)
  }

  /// However many there are; and the links stay.
  @Test func whereALinkLeadsTheFileIsReplaced() throws {
    let folder = try TemporaryFolder()
    let target = try folder.file("elsewhere/target", holding: "old")
    try folder.symbolicLink("elsewhere/link", to: "target")
    let path = try folder.symbolicLink("out", to: "elsewhere/link")
    let file = try AtomicFile(path: path, replacing: true)
    try write("new", to: file)
    #expect(folder.content(of: "elsewhere/target") == "old")
    try file.commit()
    #expect(OutputEntry(at: path) == OutputEntry(at: target).throughALink)
    #expect(folder.content(of: "elsewhere/target") == "new")
    #expect(folder.files == ["elsewhere/link", "elsewhere/target", "out"])
  }

  @Test func onlyFilesAreReplaced() throws {
    let folder = try TemporaryFolder()
    let directory = try folder.directory("directory")
    let pipe = folder["pipe"]
    try #require(mkfifo(pipe.string, 0o600) == 0)
    let dangling = try folder.symbolicLink("dangling", to: "nothing")
    let loop = try folder.symbolicLink("loop", to: "loop")
    let toDirectory = try folder.symbolicLink("link", to: directory)
    let obstacles: [(FilePath, OutputEntry.Obstacle)] = [
      (directory, .directory), (pipe, .pipe), ("/dev/null", .device),
      (dangling, .link(.noSuchFileOrDirectory)), (loop, .link(.tooManySymbolicLinkLevels)),
      (toDirectory, .directory),
    ]
    let before = try folder.entries
    for (path, obstacle) in obstacles {
      #expect(throws: AtomicFileError.notReplaceable(path, obstacle)) {
        try AtomicFile(path: path, replacing: true)
      }
    }
    #expect(try folder.entries == before)
  }

  /// One that comes too late to be refused at once.
  @Test func aFolderThatAppearsMeanwhileIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let path = folder["out"]
    do {
      let file = try AtomicFile(path: path, replacing: true)
      try folder.directory("out")
      #expect(throws: AtomicFileError.failed(.rename, path, .isDirectory)) { try file.commit() }
    }
    #expect(try folder.entries == ["out"])
  }

  @Test(arguments: [false, true]) func namesMayHave255Bytes(replacing: Bool) throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    let file = try AtomicFile(path: folder.path.appending(name), replacing: replacing)
    try write("long", to: file)
    try file.commit()
    #expect(folder.content(of: name) == "long")
    #expect(try folder.entries == [name])
  }

  @Test(arguments: [false, true]) func namesNeedNotBeUTF8(replacing: Bool) throws {
    let folder = try TemporaryFolder()
    let name: [CInterop.PlatformChar] = [CChar(bitPattern: 0xFF), CChar(bitPattern: 0xFE), 0]
    let path = folder.path.appending(FilePath(platformString: name).components)
    let file = try AtomicFile(path: path, replacing: replacing)
    try write("odd", to: file)
    try file.commit()
    let written = try FileDescriptor.open(path, .readOnly)
    var bytes = [UInt8](repeating: 0, count: 8)
    let count = try written.closeAfter {
      try bytes.withUnsafeMutableBytes { try written.read(into: $0) }
    }
    #expect(Array(bytes[..<count]) == Array("odd".utf8))
    #expect(try folder.entries.count == 1)
  }

  @Test func aRelativeNameIsInTheWorkingFolder() throws {
    let name = "pastiche-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: name) }
    let file = try AtomicFile(path: FilePath(name), replacing: false)
    try file.commit()
    #expect(FileManager.default.fileExists(atPath: name))
  }

  private func write(_ text: String, to file: AtomicFile) throws {
    var text = text
    try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
  }
}

extension OutputEntry {
  fileprivate var throughALink: OutputEntry {
    if case .file(let identity, _) = self { .file(identity, isLink: true) } else { self }
  }
}
