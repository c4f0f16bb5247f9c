import SystemPackage

/// Short names of files: as many of a path's last components as tell it from all the others.
///
/// Of `a/x.png` and `b/c/y.png` these are `x.png` and `y.png`, of `a/c/x.png` and `b/c/x.png` the
/// whole paths. An absolute path that is needed whole keeps its slash.
///
/// - Complexity: Time for all components of all paths, where names are alike to the last.
public struct DistinctNames: Sendable {
  private let names: [FilePath: FilePath]

  public init(_ paths: [FilePath]) {
    var names: [FilePath: FilePath] = [:]
    var rest = Set(paths)
    var length = 1
    while !rest.isEmpty {
      let alike = Dictionary(grouping: rest) { $0.end(of: length) }
      rest = []
      for (name, paths) in alike {
        for path in paths {
          if paths.count == 1 || name == path { names[path] = name } else { rest.insert(path) }
        }
      }
      length += 1
    }
    self.names = names
  }

  /// Gives a file's name, printable; of one that isn't among them the whole path.
  public func name(of path: FilePath) -> String { (names[path] ?? path).printable }
}

extension FilePath {
  /// The last components, or the whole path where it has no more.
  fileprivate func end(of length: Int) -> FilePath {
    components.count > length ? FilePath(root: nil, components.suffix(length)) : self
  }
}
