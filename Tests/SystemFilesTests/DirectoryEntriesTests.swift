import SystemFiles
import SystemPackage
import TestSupport
import Testing

@Suite struct DirectoryEntriesTests {
  @Test func namesAreToldButThoseThatBeginWithADot() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "a", ".hidden", "..x"] { try folder.file(name) }
    try folder.directory("inner.d")
    try folder.symbolicLink("link", to: "nowhere")
    // A name that isn't valid UTF-8 stays what it is.
    let odd = [0x66, 0xFF].map { CChar(bitPattern: $0) } + [0]
    let component = try #require(FilePath.Component(platformString: odd))
    try folder.file(folder.path.appending(component), holding: [])
    let names = try DirectoryEntries(of: folder.path).names
    #expect(names.count == 5)
    #expect(Set(names) == ["a", "b.png", "inner.d", "link", component])
  }

  @Test func whatIsNoDirectoryCannotBeListed() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file")
    #expect(throws: Errno.notDirectory) { try DirectoryEntries(of: file) }
    #expect(throws: Errno.noSuchFileOrDirectory) { try DirectoryEntries(of: folder["nowhere"]) }
  }
}
