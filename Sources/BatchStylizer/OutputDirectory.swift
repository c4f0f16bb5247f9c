import Glibc
import SystemFiles
import SystemPackage

/// Makes a directory and those above it, where they aren't there yet.
///
/// - Throws: `ItemError.outputDirectory` with the first that can't be made.
public func makeDirectory(_ path: FilePath) throws(ItemError) {
  guard !path.isEmpty else { return }
  if let identity = FileIdentity(of: path) {
    guard identity.isDirectory else { throw .outputDirectory(path, .notDirectory) }
    return
  }
  try makeDirectory(path.removingLastComponent())
  // Another thread may have made it meanwhile.
  guard path.withPlatformString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
    throw .outputDirectory(path, Errno(rawValue: errno))
  }
}
