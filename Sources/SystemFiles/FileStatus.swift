import Glibc
import SystemPackage

/// A file, and what tells whether it is still as it was: its length and when it was last changed.
public struct FileStatus: Equatable, Sendable {
  public let identity: FileIdentity
  /// Bytes in the file.
  public let size: Int
  /// Nanoseconds since 1970.
  public let modified: Int

  /// - Throws: The system's reason.
  public init(of file: FileDescriptor) throws(Errno) {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
    self.init(status)
  }

  /// The file that a path leads to; nil where there is nothing, or nothing that may be looked at.
  public init?(of path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    identity = FileIdentity(status)
    size = Int(status.st_size)
    modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
  }
}
