import Glibc
import SystemPackage

extension FilePath {
  /// The working directory; empty where it can't be told.
  public static var workingDirectory: FilePath {
    guard let directory = getcwd(nil, 0) else { return FilePath() }
    defer { free(directory) }
    return FilePath(platformString: directory)
  }
}
