import BatchStylizer
import SystemFiles
import SystemPackage

/// The names of a page's pictures: their paths without the directory that all are in.
public struct PageNames: Sendable {
  /// The deepest by name, empty where there is none.
  private let directory: FilePath

  public init(_ paths: [FilePath]) {
    var common = paths.first?.removingLastComponent() ?? ""
    for path in paths {
      while !path.starts(with: common), common.removeLastComponent() {}
    }
    directory = common
  }

  /// Gives a picture's name, printable.
  public func name(of path: FilePath) -> String {
    var rest = path
    _ = rest.removePrefix(directory)
    return rest.printable
  }
}
