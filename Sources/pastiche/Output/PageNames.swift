import SystemPackage

/// What a page calls its pictures: their paths without the directory that all are in.
struct PageNames {
  /// The deepest by name, empty where there is none.
  private let directory: FilePath

  init(_ paths: [FilePath]) {
    var common = paths.first?.removingLastComponent() ?? ""
    for path in paths {
      while !path.starts(with: common), common.removeLastComponent() {}
    }
    directory = common
  }

  /// Printable.
  func name(of path: FilePath) -> String {
    var rest = path
    _ = rest.removePrefix(directory)
    return printable(rest)
  }
}
