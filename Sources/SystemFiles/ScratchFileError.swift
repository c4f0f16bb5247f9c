import SystemPackage

/// The reason why there is no room for what doesn't fit in memory.
public enum ScratchFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The room can't be reserved.
  case unavailable(FilePath, byteCount: Int, Errno)
  /// Reading or writing the file failed.
  case failed(FilePath, Errno)
  /// No directory was named, and those that would be taken lie in memory themselves.
  case noDirectory(tried: [FilePath])

  public var description: String {
    switch self {
    case .unavailable(let directory, let byteCount, let reason):
      "\((byteCount + 1 << 20 - 1) >> 20) MB of scratch space in \(directory) can't be had: \(reason)"
    case .failed(let directory, let reason):
      "the scratch file in \(directory) failed: \(reason)"
    case .noDirectory(let tried):
      "no scratch space on a disk (tried \(tried.map(\.string).joined(separator: ", ")))"
    }
  }
}
