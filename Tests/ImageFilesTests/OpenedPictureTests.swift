import Dispatch
import Foundation
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

@Suite struct OpenedPictureTests {
  @Test func missingFilesAndFoldersAreUnreadable() throws {
    #expect(throws: ImageFileError.unreadable(.noSuchFileOrDirectory)) {
      try ImageFile.open("/nonexistent.png")
    }
    #expect(throws: ImageFileError.unreadable(.isDirectory)) { try ImageFile.open("/tmp") }
  }

  @Test func pipesAreReadToo() throws {
    let fixture = try Fixture.decodable("rgb_8.png")
    let ends = try FileDescriptor.pipe()
    try ends.writeEnd.closeAfter { _ = try ends.writeEnd.writeAll(Fixture.bytes(fixture.name)) }
    let source = try ImageFile.open(owning: ends.readEnd)
    _ = try Image(reading: source)
    try source.restart()
    #expect(try Image(reading: source).bytes == fixture.expected)
  }

  @Test func aLongPipeGoesToADisk() throws {
    let bytes = try Fixture.bytes("decodes/rgb_8.png") + [UInt8](repeating: 7, count: 3 << 20)
    for count in [ForwardBytes.bytesInMemory, ForwardBytes.bytesInMemory + 1, bytes.count] {
      let ends = try FileDescriptor.pipe()
      DispatchQueue(label: "writer").async {
        _ = try? ends.writeEnd.closeAfter { try ends.writeEnd.writeAll(bytes[..<count]) }
      }
      let picture = try OpenedPicture(owning: ends.readEnd)
      #expect(picture.status.size == count)
      let copy = try OpenedPicture.read(from: picture.descriptor, at: 0, count: count + 1)
      #expect(copy.elementsEqual(bytes[..<count]))
      let file = try FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(picture.descriptor.rawValue)")
      #expect(file.hasPrefix("/memfd:") == (count <= ForwardBytes.bytesInMemory))
    }
  }

  @Test func aPipeWithoutEndIsGivenUp() throws {
    let zeros = try FileDescriptor.open("/dev/zero", .readOnly)
    defer { try? zeros.close() }
    let copy = try FileDescriptor.memoryFile()
    defer { try? copy.close() }
    var bytes = ForwardBytes(zeros, isFile: false, copyLimit: 5 << 20)
    #expect(throws: ImageFileError.endless(limit: 5 << 20)) {
      try bytes.copying(to: copy) { bytes throws(ImageFileError) in try bytes.passAll() }
    }
    #expect(try copy.status().size <= 5 << 20)
  }

  @Test func pipesOfOtherThingsAreRefused() throws {
    for bytes in [[], [1, 2, 3], [UInt8](repeating: 7, count: 1000)] {
      let ends = try FileDescriptor.pipe()
      try ends.writeEnd.closeAfter { _ = try ends.writeEnd.writeAll(bytes) }
      let expected: ImageFileError =
        bytes.isEmpty ? .empty : .unknownFormat(Array(bytes.prefix(8)))
      #expect(throws: expected) { try ImageFile.open(owning: ends.readEnd) }
    }
    #expect(throws: ImageFileError.unknownFormat([UInt8](repeating: 0, count: 8))) {
      try ImageFile.open("/dev/zero")
    }
  }

  @Test func aFileThatChangesMeanwhileIsTold() throws {
    let folder = try TemporaryFolder()
    let small = try Fixture.bytes("decodes/rgb_8_1x7.png")
    let large = try Fixture.bytes("decodes/rgb_8.png")
    let source = try ImageFile.open(folder.file("x", holding: large))
    _ = try Image(reading: source)
    // In place: a file that is replaced goes on under its descriptor.
    let file = try FileDescriptor.open(folder.path.appending("x"), .writeOnly)
    try file.closeAfter { _ = try file.writeAll(small) }
    #expect(throws: ImageFileError.changed) { try source.restart() }
  }
}
