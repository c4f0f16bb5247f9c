import SystemPackage

/// The reason why a file could not be written.
public enum AtomicFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operation that failed.
  public enum Operation: String, Sendable {
    case create, write, sync, rename
  }

  /// There is a file of that name already, and it was not to be replaced.
  case exists(FilePath)
  /// What has that name is no file, and is never replaced.
  case notReplaceable(FilePath, OutputEntry.Obstacle)
  /// The system refused, for the given reason; nothing is left behind.
  case failed(Operation, FilePath, Errno)

  public var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already"
    case .notReplaceable(let path, let obstacle):
      "\(path) is \(obstacle), and only files are replaced"
    case .failed(_, let path, .noSpace):
      "no space left on the disk for \(path); free some and run again"
    case .failed(let operation, let path, let reason):
      "can't \(operation) \(path): \(reason)"
    }
  }
}
