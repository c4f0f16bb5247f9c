import SystemPackage

/// Where a file is or would be, through whatever links: the last on its path that is there, and the
/// path from there on.
public struct FilePlace: Hashable, Sendable {
  private let ancestor: FileIdentity?
  /// Empty for what is there.
  public let rest: FilePath

  public init(of path: FilePath) {
    var (above, below): (FilePath, [FilePath.Component]) = (path, [])
    var identity = FileIdentity(of: path.isEmpty ? "." : path)
    while identity == nil, let name = above.lastComponent {
      below.append(name)
      above.removeLastComponent()
      identity = FileIdentity(of: above.isEmpty ? "." : above)
    }
    self.init(ancestor: identity, rest: FilePath(root: nil, below.reversed()))
  }

  private init(ancestor: FileIdentity?, rest: FilePath) {
    self.ancestor = ancestor
    self.rest = rest
  }

  /// The place of a file of this name in it.
  public func appending(_ name: FilePath.Component) -> FilePlace {
    FilePlace(ancestor: ancestor, rest: rest.appending(name))
  }

  /// The place as the least particular disk sees it.
  public var caseless: Caseless { Caseless(ancestor: ancestor, rest: CaselessNames.key(rest)) }

  /// A place but for case, and for how a letter has its accent.
  public struct Caseless: Hashable, Sendable {
    fileprivate let ancestor: FileIdentity?
    fileprivate let rest: String
  }
}
