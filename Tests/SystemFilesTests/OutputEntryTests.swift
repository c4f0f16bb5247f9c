import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite struct OutputEntryTests {
  @Test func linksAreFollowedAndTold() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file")
    let link = try folder.symbolicLink("link", to: "file")
    let identity = try #require(FileIdentity(of: file))
    #expect(OutputEntry(at: file) == .file(identity, isLink: false))
    #expect(OutputEntry(at: link) == .file(identity, isLink: true))
    #expect(OutputEntry(at: folder["nothing"]) == .nothing)
    #expect(OutputEntry(at: folder["file/below"]) == .nothing)
  }

  @Test func wordsSayWhatIsThere() {
    let obstacles: [OutputEntry.Obstacle] = [
      .directory, .pipe, .socket, .device, .link(.noSuchFileOrDirectory),
      .link(.tooManySymbolicLinkLevels), .link(.permissionDenied),
    ]
    #expect(
      obstacles.map(\.description) == [
        "a directory", "a pipe", "a socket", "a device", "a link to nothing",
        "a link that leads round", "a link that can't be followed (Permission denied)",
      ])
  }
}
