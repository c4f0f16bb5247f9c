import Glibc
import SystemPackage

/// Sees to it that a directory's names are on the disk, those that have just been given and taken.
///
/// - Throws: The system's reason. A disk that can't do it for directories, or a directory that may not
///   be read, is none.
public func syncDirectory(_ path: FilePath) throws(Errno) {
  let directory = (path.isEmpty ? "." : path).withPlatformString {
    open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }
  guard directory >= 0 else { return }
  defer { close(directory) }
  if fsync(directory) != 0, errno == EIO || errno == ENOSPC || errno == EDQUOT {
    throw Errno(rawValue: errno)
  }
}
