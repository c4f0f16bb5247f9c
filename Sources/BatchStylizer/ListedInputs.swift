import SystemFiles
import SystemPackage

/// The inputs that a list names, in order, each with what stands for it in relative paths.
struct ListedInputs: Sendable {
  /// The one that comes next; nil behind the last.
  private(set) var next: PathList.Entry?
  private var rest: PathList.Iterator
  private let base: BaseDirectory?
  /// The directory above the last file, which most that follow are in, and its relative path.
  private var above: (path: FilePath, relativePath: FilePath?)?

  /// - Parameter base: The directory from which paths are kept; nil for names alone.
  init(_ list: PathList, below base: BaseDirectory?) {
    rest = list.makeIterator()
    next = rest.next()
    self.base = base
  }

  /// Goes on to the next one.
  ///
  /// - Returns: The one that was next, and its path below the base, nil where it isn't there.
  mutating func popFirst() -> (entry: PathList.Entry, relativePath: FilePath?)? {
    guard let entry = next else { return nil }
    next = rest.next()
    guard let base else { return (entry, nil) }
    guard entry.kind != .directory, let name = entry.path.lastComponent, name.kind == .regular
    else { return (entry, base.relativePath(of: entry.path)) }
    let directory = entry.path.removingLastComponent()
    if above?.path != directory { above = (directory, base.relativePath(of: directory)) }
    return (entry, above?.relativePath?.appending(name))
  }
}
