import Glibc
import Synchronization
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
  do throws(Errno) { try syncDirectory(path.removingLastComponent()) } catch {
    throw .outputDirectory(path, error)
  }
}

/// The directories of a run's outputs, made as they are needed.
final class OutputDirectories: Sendable {
  /// The one that was made last: most outputs go to the same as those before them.
  private let last = Mutex<FilePath?>(nil)

  /// - Throws: `ItemError.outputDirectory`.
  func make(_ path: FilePath) throws(ItemError) {
    if last.withLock({ $0 == path }) { return }
    try makeDirectory(path)
    last.withLock { $0 = path }
  }
}

/// A place that files can't be put in, and why.
public struct ClosedPlace: Equatable, Sendable {
  public let path: FilePath
  public let reason: Errno

  public init(_ path: FilePath, _ reason: Errno) {
    self.path = path
    self.reason = reason
  }

  /// Looks for what keeps files out of a directory that is there, or is to be made: itself, or the
  /// nearest above that is there. Nil where nothing does, as far as can be told without trying.
  public init?(onTheWayTo directory: FilePath) {
    let path = directory.isEmpty ? "." : directory
    switch OutputEntry(at: path) {
    case .nothing:
      guard path.lastComponent != nil else { return nil }
      self.init(onTheWayTo: path.removingLastComponent())
    case .obstacle(.directory):
      let refused = path.withPlatformString {
        faccessat(AT_FDCWD, $0, W_OK | X_OK, AT_EACCESS) != 0
      }
      guard refused else { return nil }
      self.init(path, Errno(rawValue: errno))
    case .obstacle(.link(let reason)), .obstacle(.unknown(let reason)): self.init(path, reason)
    case .file, .obstacle: self.init(path, .notDirectory)
    }
  }
}
