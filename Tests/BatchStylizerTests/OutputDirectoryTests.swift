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

  @Test func whatKeepsFilesOutIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", holding: Signature.text)
    let link = try folder.symbolicLink("link", to: "nowhere")
    for path in [folder.path, folder["new"], folder["new/deep"], "", "new"] {
      #expect(ClosedPlace(onTheWayTo: path) == nil)
    }
    for path in [file, folder["file/a"], folder["file/a/b"]] {
      #expect(ClosedPlace(onTheWayTo: path) == ClosedPlace(file, .notDirectory))
    }
    for path in [link, folder["link/a"]] {
      #expect(ClosedPlace(onTheWayTo: path) == ClosedPlace(link, .noSuchFileOrDirectory))
    }
  }
}
