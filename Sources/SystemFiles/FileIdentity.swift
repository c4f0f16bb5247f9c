import Glibc
import SystemPackage

/// The file that a path leads to, whatever it is called and through whatever links.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let mode: mode_t

  /// Looks up a file; nil where there is nothing, nothing that may be looked at, or a standard
  /// stream.
  public init?(of path: FilePath) {
    guard !path.isStandardStream else { return nil }
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  /// Looks up a file; nil where there is nothing, or a standard stream.
  ///
  /// - Throws: The system's reason where it can't be told.
  public init?(lookingUp path: FilePath) throws(Errno) {
    guard !path.isStandardStream else { return nil }
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else {
      let reason = Errno(rawValue: errno)
      if reason == .noSuchFileOrDirectory || reason == .notDirectory { return nil }
      throw reason
    }
    self.init(status)
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    mode = status.st_mode
  }

  public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  public var isRegularFile: Bool { mode & S_IFMT == S_IFREG }
  /// Who may read, write and run it.
  var permissions: mode_t { mode & ~S_IFMT }
}
