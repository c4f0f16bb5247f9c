import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite struct TemporaryNamesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func name(of path: FilePath?) -> String { path?.lastComponent?.string ?? "" }

  @Test func namesAreKnownForOurs() throws {
    let (name, result) = TemporaryNames.create(in: folder.path) { mkdir($0, 0o700) }
    #expect(result == 0)
    let text = self.name(of: name)
    #expect(text.hasPrefix(".pastiche-\(getpid())-") && TemporaryNames.isOurs(text))
    for other in [
      String(text.dropLast()), text + "x", text.replacing(".pastiche", with: ".postiche"),
      ".pastiche-manifest.jsonl", ".pastiche-manifest-0-of-2.jsonl", ".pastiche-1-abc-def", "",
    ] {
      #expect(!TemporaryNames.isOurs(other), "\(other)")
    }
    TemporaryNames.remove(name)
    #expect(try folder.entries == [])
  }

  /// What a killed process leaves has no lock any more; what a living one has is left, and so is all
  /// that others made.
  @Test func whatWasLeftIsRemovedAndNothingElse() throws {
    let living = try TemporaryFile(
      in: folder.path, .readWrite, permissions: .ownerReadWrite, mayBeUnnamed: false)
    let dead = try TemporaryFile(
      in: folder.path, .readWrite, permissions: .ownerReadWrite, mayBeUnnamed: false)
    try dead.descriptor.close()
    let (directory, _) = TemporaryNames.create(in: folder.path) { mkdir($0, 0o700) }
    try folder.file("\(name(of: directory))/a.png")
    for name in [".pastiche-1-abc-def", ".pastiche-manifest.jsonl", ".hidden", "a.png"] {
      try folder.file(name)
    }
    // A link of such a name is nobody's.
    let link = name(of: living.name) + "x"
    try folder.symbolicLink(link, to: "a.png")
    TemporaryNames.sweep(folder.path)
    #expect(
      try folder.entries
        == [
          ".hidden", ".pastiche-1-abc-def", ".pastiche-manifest.jsonl", "a.png", link,
          name(of: living.name),
        ].sorted())
    try living.descriptor.close()
    // Once for each directory.
    TemporaryNames.sweep(folder.path)
    #expect(try folder.entries.contains(name(of: living.name)))
  }

  /// The first file that is begun in a directory sees to it.
  @Test func aFileThatIsBegunRemovesWhatWasLeft() throws {
    let dead = try TemporaryFile(
      in: folder.path, .readWrite, permissions: .ownerReadWrite, mayBeUnnamed: false)
    try dead.descriptor.close()
    let file = try AtomicFile(path: folder["a"], replacing: false)
    #expect(try !folder.entries.contains(name(of: dead.name)))
    try file.commit()
    #expect(try folder.entries == ["a"])
  }
}
