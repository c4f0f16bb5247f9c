import Glibc
import SystemFiles
import SystemPackage

/// Where this process's program lies, and where it runs.
enum OwnPlace {
  /// The executable, links followed.
  static var executable: FilePath? {
    guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }

  /// The working directory, by the name that the shell has for it: on other machines what is behind
  /// links may be elsewhere.
  static var directory: FilePath? {
    let here = FileIdentity(of: ".")
    if let variable = getenv("PWD") {
      let named = FilePath(platformString: variable)
      if named.isAbsolute, let here, FileIdentity(of: named) == here { return named }
    }
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return FilePath(platformString: path)
  }
}
