import Glibc
import SystemPackage

/// What is at a path to which a file is to be written.
public enum OutputEntry: Equatable, Sendable {
  case nothing
  /// A file, which may be replaced; or a link to one, which stays: the file that it leads to is.
  case file(FileIdentity, isLink: Bool)
  case obstacle(Obstacle)

  /// What can't be replaced by a file.
  public enum Obstacle: Equatable, Sendable, CustomStringConvertible {
    case directory, pipe, socket, device
    /// A link that can't be followed, for the given reason: it leads to nothing, or round.
    case link(Errno)
    /// Something or nothing: it can't be looked at, for the given reason.
    case unknown(Errno)

    public var description: String {
      switch self {
      case .directory: "a directory"
      case .pipe: "a pipe"
      case .socket: "a socket"
      case .device: "a device"
      case .link(.noSuchFileOrDirectory): "a link to nothing"
      case .link(.tooManySymbolicLinkLevels): "a link that leads round"
      case .link(let reason): "a link that can't be followed (\(reason))"
      case .unknown(let reason): "nothing that can be looked at (\(reason))"
      }
    }
  }

  public init(at path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
      let reason = Errno(rawValue: errno)
      let isNothing = reason == .noSuchFileOrDirectory || reason == .notDirectory
      self = isNothing ? .nothing : .obstacle(.unknown(reason))
      return
    }
    let isLink = status.st_mode & S_IFMT == S_IFLNK
    if isLink, path.withPlatformString({ stat($0, &status) }) != 0 {
      self = .obstacle(.link(Errno(rawValue: errno)))
      return
    }
    self =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file(FileIdentity(status), isLink: isLink)
      case S_IFDIR: .obstacle(.directory)
      case S_IFIFO: .obstacle(.pipe)
      case S_IFSOCK: .obstacle(.socket)
      default: .obstacle(.device)
      }
  }
}
