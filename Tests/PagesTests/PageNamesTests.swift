import SystemPackage
import Testing

@testable import Pages

@Suite struct PageNamesTests {
  @Test(arguments: [
    (["a/b/c.png", "a/b/d.png"], ["c.png", "d.png"]),
    (["a/b/c.png", "a/d.png"], ["b/c.png", "d.png"]),
    (["x/a/b/c.png", "x/d.png"], ["a/b/c.png", "d.png"]),
    (["a/bc.png", "ab/c.png"], ["a/bc.png", "ab/c.png"]),
    (["/x/a.png", "/y/a.png"], ["x/a.png", "y/a.png"]),
    (["a.png"], ["a.png"]), (["x/a\n.png"], ["a\\n.png"]),
  ]) func directoryThatAllAreInIsLeftOut(paths: [String], names: [String]) {
    let paths = paths.map { FilePath($0) }
    #expect(paths.map(PageNames(paths).name) == names)
  }
}
