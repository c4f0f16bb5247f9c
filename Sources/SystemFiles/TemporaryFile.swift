import Glibc
import SystemPackage

/// A file just made in a directory, without a name where the file system knows such files.
struct TemporaryFile {
  let descriptor: FileDescriptor
  /// The name that it has where it must have one, one of `TemporaryNames`.
  let name: FilePath?

  /// - Parameter mayBeUnnamed: Whether a file without a name will do.
  /// - Throws: The system's reason.
  init(
    in directory: FilePath, _ access: FileDescriptor.AccessMode, permissions: FilePermissions,
    mayBeUnnamed: Bool = true
  ) throws(Errno) {
    let unnamed = 0o20000000 | O_DIRECTORY  // O_TMPFILE, a macro that Swift can't import
    let opened =
      mayBeUnnamed
      ? directory.withPlatformString {
        open($0, unnamed | access.rawValue | O_CLOEXEC, permissions.rawValue)
      } : -1
    if opened >= 0 {
      descriptor = FileDescriptor(rawValue: opened)
      name = nil
      return
    }
    while true {
      let (name, opened) = TemporaryNames.create(in: directory) {
        open($0, access.rawValue | O_CREAT | O_EXCL | O_CLOEXEC, permissions.rawValue)
      }
      guard opened >= 0 else { throw Errno(rawValue: errno) }
      let file = FileDescriptor(rawValue: opened)
      // Before that, another process may have taken it for one that was left.
      if isNamedUnderLock(opened) {
        (descriptor, self.name) = (file, name)
        return
      }
      try? file.close()
      TemporaryNames.forget(name)
    }
  }
}

/// Takes the lock that tells others that a file is in use, where the disk knows locks, and looks whether
/// it still has its name.
private func isNamedUnderLock(_ descriptor: CInt) -> Bool {
  _ = flock(descriptor, LOCK_EX | LOCK_NB)
  var status = stat()
  return fstat(descriptor, &status) != 0 || status.st_nlink > 0
}
