import Glibc
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@Suite struct DirectoryEntriesTests {
  @Test func namesAreToldButThoseThatBeginWithADot() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "a", ".hidden", "..x"] { try folder.file(name) }
    // A name that isn't valid UTF-8 stays what it is.
    let odd = [0x66, 0xFF].map { CChar(bitPattern: $0) } + [0]
    let component = try #require(FilePath.Component(platformString: odd))
    try folder.file(folder.path.appending(component), holding: [])
    #expect(try DirectoryEntries(of: folder.path).map(\.name) == ["a", "b.png", component])
  }

  /// A link is what it leads to.
  @Test func kindsAreTold() throws {
    let folder = try TemporaryFolder()
    try folder.file("a")
    try folder.directory("b")
    #expect(folder["c"].withPlatformString { mkfifo($0, 0o600) } == 0)
    try folder.symbolicLink("d", to: "a")
    try folder.symbolicLink("e", to: "b")
    try folder.symbolicLink("f", to: "nowhere")
    #expect(
      try DirectoryEntries(of: folder.path).map(\.kind) == [
        .file, .directory, .other, .file, .directory, .unknown,
      ])
  }

  /// The order is that of paths to the bytes: what lies in `a` comes behind `a-b` and ahead of `a0`,
  /// whichever of the first eight bytes or those behind decide.
  @Test(arguments: ["", "sevenlx", "eightlon", "quite long a name"])
  func pathsComeInTheOrderOfTheirBytes(_ prefix: String) throws {
    let folder = try TemporaryFolder()
    let files = ["", "-b", "0", "a", "é", "!", "abcdefghij", "abcdefghi"].map { prefix + "a" + $0 }
    for name in files { try folder.file(name) }
    for name in [".d", "+d", "1", "abcdefgh"].map({ prefix + "a" + $0 }) {
      try folder.file("\(name)/x")
    }
    let entries = try DirectoryEntries(of: folder.path)
    let paths = entries.map { entry in
      let path = FilePath(root: nil, components: entry.name)
      return entry.kind == .directory ? path.appending("x") : path
    }
    #expect(paths.count == 12)
    #expect(paths == paths.sorted { $0.precedes($1) })
  }

  /// Names are kept as what they have beyond those before them: whatever is long comes back whole.
  @Test func longNamesComeBack() throws {
    let folder = try TemporaryFolder()
    let names = [1, 31, 32, 127, 128, 254].flatMap { count in
      ["", "b", "\u{7F}"].map { String(repeating: "a", count: count) + $0 }
    }
    for name in names { try folder.file(name) }
    let entries = try DirectoryEntries(of: folder.path)
    #expect(entries.count == names.count)
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(entries.map(\.name.string) == sorted)
    // A second time, from the start.
    #expect(entries.map(\.name.string) == sorted)
  }

  @Test func whatIsNoDirectoryCannotBeListed() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file")
    #expect(throws: Errno.notDirectory) { try DirectoryEntries(of: file) }
    #expect(throws: Errno.noSuchFileOrDirectory) { try DirectoryEntries(of: folder["nowhere"]) }
  }
}
