import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite struct TemporaryFileTests {
  @Test func aFileHasANameOnlyWhereItMustHaveOne() throws {
    let folder = try TemporaryFolder()
    for (mayBeUnnamed, count) in [(true, 0), (false, 1)] {
      let file = try TemporaryFile(
        in: folder.path, .readWrite, permissions: .ownerReadWrite, mayBeUnnamed: mayBeUnnamed)
      try file.descriptor.closeAfter { _ = try file.descriptor.writeAll([1, 2, 3]) }
      #expect(try folder.entries == (file.name.map { [$0.lastComponent?.string] } ?? []))
      #expect(try folder.entries.count == count)
      #expect(file.name?.lastComponent?.string.hasPrefix(".pastiche-") != false)
    }
  }

  @Test func theSystemsReasonIsTold() throws {
    let folder = try TemporaryFolder()
    #expect(throws: Errno.noSuchFileOrDirectory) {
      try TemporaryFile(in: folder["nowhere"], .readWrite, permissions: .ownerReadWrite)
    }
  }
}
