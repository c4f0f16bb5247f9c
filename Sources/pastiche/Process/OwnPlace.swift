import CSystemFiles
import Glibc
import SystemFiles
import SystemPackage

/// Where this process's program lies, and where it runs.
enum OwnPlace {
  /// The executable, links followed.
  static var executable: FilePath? {
    guard
      let resolved = realpath("/proc/self/exe", nil) ?? realpath(CSystemFiles_executable(), nil)
    else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }

  /// The places of a directory that comes with the program, the nearest first: beside the executable,
  /// where it is installed (`PREFIX/bin`, `PREFIX/share/pastiche`), and in the package that it was built
  /// from.
  static func directories(_ name: FilePath.Component) -> [FilePath] {
    var places: [FilePath] = []
    if let beside = executable?.removingLastComponent() {
      places.append(beside.appending(name))
      places.append(
        beside.removingLastComponent().appending("share").appending("pastiche").appending(name))
    }
    // This is Sources/pastiche/Process/OwnPlace.swift of it.
    var package = FilePath(#filePath)
    for _ in 0..<4 { package.removeLastComponent() }
    places.append(package.appending(name))
    return places
  }

  /// The working directory, by the name that the shell has for it: on other machines what is behind
  /// links may be elsewhere.
  static var directory: FilePath? {
    let here = FileIdentity(of: ".")
    if let variable = getenv("PWD") {
      let named = FilePath(platformString: variable)
      if named.isAbsolute, let here, FileIdentity(of: named) == here { return named }
    }
    let directory = FilePath.workingDirectory
    return directory.isEmpty ? nil : directory
  }
}
