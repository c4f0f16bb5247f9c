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
    #expect(throws: AtomicFileError.exists(path)) { try AtomicFile(path: path, replacing: false) }
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

  @Test func aLinkToNowhereIsThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("out")
    try FileManager.default.createSymbolicLink(
      atPath: path.string, withDestinationPath: "nowhere")
    #expect(throws: AtomicFileError.exists(path)) { try AtomicFile(path: path, replacing: false) }
  }

  @Test func aMissingFolderIsAnError() {
    let path: FilePath = "/nonexistent/folder/out"
    #expect(throws: AtomicFileError.failed(.create, path, .noSuchFileOrDirectory)) {
      try AtomicFile(path: path, replacing: false)
    }
  }

  @Test func aFolderIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("out")
    try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    do {
      let file = try AtomicFile(path: path, replacing: true)
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
