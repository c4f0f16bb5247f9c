import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite struct CaselessNamesTests {
  /// Whatever some disk takes for one: case, an accent behind its letter.
  @Test(arguments: [
    ("a/IMG.JPG", "A/img.jpg"), ("É.png", "e\u{301}.png"), ("Straße", "STRASSE"), ("ς", "Σ"),
  ]) func namesThatMayBeOneHaveOneKey(_ a: String, _ b: String) {
    #expect(CaselessNames.key(FilePath(a)) == CaselessNames.key(FilePath(b)))
  }

  @Test func othersDoNot() {
    #expect(CaselessNames.key("a/b") != CaselessNames.key("a/c"))
    #expect(CaselessNames.key("a/b") != CaselessNames.key("ab"))
  }

  /// These disks see case; the command line's tests have one that doesn't.
  @Test func theDiskIsAskedAndLeftAsItWas() throws {
    let folder = try TemporaryFolder()
    try folder.file("There/a")
    for (a, b) in [
      ("A.png", "a.png"), ("new/A.png", "new/a.png"), ("New/a.png", "new/a.png"),
      ("There/a", "There/A"), ("There/b", "there/b"),
    ] {
      #expect(!CaselessNames.areOne(folder[a], folder[b]))
      #expect(!CaselessNames.areOne(folder[b], folder[a]))
    }
    #expect(CaselessNames.areOne(folder["new/a.png"], folder["new/a.png"]))
    #expect(folder.files == ["There/a"])
    #expect(try folder.entries == ["There"])
  }
}
