import SystemPackage

/// Paths that were named, in the order of their bytes, each with what there was when it was taken in;
/// a directory's counts with the slash that follows it in the paths of what it holds.
///
/// A million that are numbered take some 8 MB.
public struct PathList: Sequence, Sendable {
  public struct Entry: Sendable {
    public let path: FilePath
    public let kind: FileKind
  }

  /// Paths as they come.
  public struct Unsorted {
    private var names = UnsortedNames()

    public init() {}

    /// Takes a path in, and looks at what it leads to.
    public mutating func append(_ path: FilePath) {
      let kind = FileKind(of: path)
      path.withPlatformString { names.append($0, kind) }
    }

    public consuming func sorted() -> PathList { PathList(paths: names.sorted()) }
  }

  private let paths: FrontCodedNames

  fileprivate init(paths: FrontCodedNames) { self.paths = paths }

  public init(_ paths: [FilePath] = []) {
    var unsorted = Unsorted()
    for path in paths { unsorted.append(path) }
    self = unsorted.sorted()
  }

  public var underestimatedCount: Int { paths.count }

  public func makeIterator() -> Iterator { Iterator(paths: paths.start) }

  public struct Iterator: IteratorProtocol, Sendable {
    fileprivate var paths: FrontCodedNames.Cursor

    public mutating func next() -> Entry? {
      guard let kind = paths.advance().flatMap(FileKind.init(rawValue:)) else { return nil }
      // A null byte is behind it.
      let path = paths.withName { $0.baseAddress.map { FilePath(platformString: $0) } }
      return path.map { Entry(path: $0, kind: kind) }
    }
  }
}
