import Glibc
import SystemPackage

/// A file just made in a directory, without a name where the file system knows such files.
struct TemporaryFile {
  let descriptor: FileDescriptor
  /// The name that it has where it must have one, `.pastiche-…`.
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
    let name = Self.freshName(in: directory)
    do {
      descriptor = try FileDescriptor.open(
        name, access, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: permissions)
    } catch {
      throw error as? Errno ?? .ioError
    }
    self.name = name
  }

  /// A name that nothing has, of a fixed length: one made from a file's own could be too long.
  static func freshName(in directory: FilePath) -> FilePath {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    return directory.appending(".pastiche-\(getpid())-\(random)")
  }
}
