import Glibc
import SystemFiles
import SystemPackage

/// A directory from which inputs keep their paths below the output.
struct BaseDirectory {
  /// The directory as it was named, or relative to the working directory where that is above it.
  let path: FilePath
  private let absolute: FilePath
  private let identity: FileIdentity?
  private let workingDirectory: FilePath

  init(_ path: FilePath) { self.init(path, from: .workingDirectory) }

  private init(_ path: FilePath, from workingDirectory: FilePath) {
    self.path = path
    self.workingDirectory = workingDirectory
    absolute = path.normalized(from: workingDirectory)
    identity = FileIdentity(of: path)
  }

  /// The directory that holds all of `inputs`, directories among them being as good as what they
  /// hold; nil where there are none.
  init?(above inputs: PathList) {
    let workingDirectory = FilePath.workingDirectory
    var common: FilePath?
    // What was above the last one, which is above most of those that follow.
    var last: FilePath?
    for input in inputs {
      var directory = input.path
      if input.kind != .directory {
        let above = directory.removingLastComponent()
        if above == last { continue }
        last = directory.lastComponent?.kind == .regular ? above : nil
      }
      directory = directory.normalized(from: workingDirectory)
      if input.kind != .directory { directory.removeLastComponent() }
      var shared = common ?? directory
      // Where the working directory can't be told, a relative path has nothing in common with a root.
      while !directory.starts(with: shared), shared.removeLastComponent() {}
      common = shared
    }
    guard var path = common else { return nil }
    if path.removePrefix(workingDirectory.lexicallyNormalized()) {
      path = path.isEmpty ? "." : path
    }
    self.init(path, from: workingDirectory)
  }

  /// The path of an input from here; nil where it doesn't lie below. Names decide, and where they
  /// don't, the files that they lead to: one directory may have several names.
  func relativePath(of input: FilePath) -> FilePath? {
    var above = input.normalized(from: workingDirectory)
    var relative = above
    if relative.removePrefix(absolute) { return relative }
    var names: [FilePath.Component] = []
    while let name = above.lastComponent {
      if let identity, FileIdentity(of: above) == identity {
        return FilePath(root: nil, names.reversed())
      }
      names.append(name)
      above.removeLastComponent()
    }
    return nil
  }
}

extension FilePath {
  /// The path from the root, without detours by `.` and `..`.
  fileprivate func normalized(from workingDirectory: FilePath) -> FilePath {
    (isRelative ? workingDirectory.pushing(self) : self).lexicallyNormalized()
  }
}
