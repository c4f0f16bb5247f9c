import Foundation
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct BaseDirectoryTests {
  @Test func pathsAreTakenFromItOn() throws {
    let folder = try TemporaryFolder()
    try folder.file("x/y/a.png")
    let link = try folder.symbolicLink("link", to: folder["x"])
    let base = BaseDirectory(folder["x/../x"])
    #expect(base.relativePath(of: folder["x/y/a.png"]) == "y/a.png")
    #expect(base.relativePath(of: folder["x/./z/../y"]) == "y")
    #expect(base.relativePath(of: folder["x"]) == "")
    #expect(base.relativePath(of: link.appending("y/a.png")) == "y/a.png")
    #expect(base.relativePath(of: folder["x/missing/b.png"]) == "missing/b.png")
    #expect(base.relativePath(of: folder["xy/a.png"]) == nil)
    #expect(base.relativePath(of: folder["x/../a.png"]) == nil)
    #expect(BaseDirectory(link).relativePath(of: folder["x/y/a.png"]) == "y/a.png")
  }

  @Test func relativePathsAreFromTheWorkingDirectoryOn() {
    let here = FilePath(FileManager.default.currentDirectoryPath)
    #expect(BaseDirectory(".").relativePath(of: "a/b.png") == "a/b.png")
    #expect(BaseDirectory("a").relativePath(of: here.appending("a/b.png")) == "b.png")
    #expect(BaseDirectory(here).relativePath(of: "./b.png") == "b.png")
    #expect(BaseDirectory(".").relativePath(of: "../b.png") == nil)
  }

  /// A directory holds itself.
  @Test func holdsAllOfAList() throws {
    let folder = try TemporaryFolder()
    try folder.file("x/y/a.png")
    try folder.file("x/yz/a.png")
    func above(_ inputs: String...) -> FilePath? {
      BaseDirectory(above: PathList(inputs.map { folder[$0] }))?.path
    }
    #expect(above("x/y/a.png") == folder["x/y"])
    #expect(above("x/y") == folder["x/y"])
    #expect(above("x/y/a.png", "x/y") == folder["x/y"])
    #expect(above("x/y/a.png", "x/yz/a.png") == folder["x"])
    #expect(above("x/y", "x/missing.png") == folder["x"])
    #expect(above() == nil)
    #expect(BaseDirectory(above: PathList(["a/b.png", "a/c/d.png"]))?.path == "a")
    #expect(BaseDirectory(above: PathList(["a/b.png", "c/d.png"]))?.path == ".")
    #expect(BaseDirectory(above: PathList(["/a/b.png", "/c/d.png"]))?.path == "/")
  }
}
