import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct OutputDirectoryTests {
  @Test func directoriesAboveAreMadeToo() throws {
    let folder = try TemporaryFolder()
    let path = folder["a/b/c"]
    try makeDirectory(path)
    try makeDirectory(path)
    try makeDirectory("")
    let identity = try #require(FileIdentity(of: path))
    #expect(identity.isDirectory)
  }

  @Test func fileOnTheWayIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", holding: Signature.text)
    for path in [file, folder["file/a"], folder["file/a/b"]] {
      #expect(throws: ItemError.outputDirectory(file, .notDirectory)) { try makeDirectory(path) }
    }
  }
}
