import SystemFiles
import SystemPackage
import Testing

@Suite struct DistinctNamesTests {
  @Test(arguments: [
    (["a/b/c.png", "a/b/d.png"], ["c.png", "d.png"]),
    (["a/b/c.png", "d.png"], ["c.png", "d.png"]),
    (["a/x.png", "b/x.png", "b/y.png"], ["a/x.png", "b/x.png", "y.png"]),
    (["z/a/c/x.png", "z/b/c/x.png"], ["a/c/x.png", "b/c/x.png"]),
    (["x.png", "a/x.png", "b/a/x.png"], ["x.png", "a/x.png", "b/a/x.png"]),
    (["/x/a.png", "/y/a.png"], ["/x/a.png", "/y/a.png"]),
    (["/a.png", "a.png"], ["/a.png", "a.png"]),
    (["/z/x/a.png", "/z/y/a.png"], ["x/a.png", "y/a.png"]), (["a.png"], ["a.png"]),
    (["x/a.png", "x/a.png"], ["a.png", "a.png"]), (["x/a\n.png"], ["a\\n.png"]), (["/"], ["/"]),
  ]) func shortestEndsTellPathsApart(paths: [String], names: [String]) {
    let paths = paths.map { FilePath($0) }
    #expect(paths.map(DistinctNames(paths).name) == names)
  }

  @Test func aPathThatIsNotAmongThemHasItsOwn() {
    #expect(DistinctNames(["a/x.png"]).name(of: "b/y.png") == "b/y.png")
  }
}
