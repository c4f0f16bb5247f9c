import SystemFiles
import SystemPackage
import Testing

@testable import Pages

@Suite struct FileReferenceTests {
  /// Checked by hand after RFC 3986.
  @Test(arguments: [
    ("page.html", "out/a.png", "out/a.png"), ("out/page.html", "out/a.png", "a.png"),
    ("pages/page.html", "out/a.png", "../out/a.png"), ("a/b/page.html", "c.png", "../../c.png"),
    ("./page.html", "././out/a.png", "out/a.png"), ("page.html", "../a.png", "../a.png"),
    ("/x/page.html", "/x/y/a.png", "y/a.png"), ("/x/page.html", "/z/a.png", "../z/a.png"),
    ("page.html", "a b/100%.png", "a%20b/100%25.png"),
    ("page.html", "a:b?c#d.png", "a%3Ab%3Fc%23d.png"),
    ("page.html", "é~-_.png", "%C3%A9~-_.png"), ("page.html", "javascript:x", "javascript%3Ax"),
    ("page.html", "\"<&>'", "%22%3C%26%3E%27"),
  ]) func referenceIsRelativeToThePage(page: String, file: String, reference: String) {
    #expect(FilePath(file).reference(from: FilePath(page)) == reference)
  }

  @Test func bytesThatAreNoTextAreEscapedAsTheyAre() {
    #expect(FilePath(bytes: [0x61, 0xFF]).reference(from: "page.html") == "a%FF")
  }

  @Test func pageAndFileThatAreNamedFromDifferentPlacesFindOneAnother() {
    let here = FilePath.workingDirectory
    #expect(FilePath("a/b.png").reference(from: here.appending("page.html")) == "a/b.png")
    #expect(here.appending("b.png").reference(from: "a/page.html") == "../b.png")
    // What is above a `..` is known to the disk alone.
    #expect(FilePath("/x/b.png").reference(from: "../page.html") == "/x/b.png")
  }
}
