import Glibc
import SystemFiles
import SystemPackage

/// A directory from which inputs keep their paths below the output.
struct BaseDirectory {
  /// The directory as it was named, or relative to the working directory where that is above it.
  let path: FilePath
  private let absolute: FilePath
  private let identity: FileIdentity?

  init(_ path: FilePath) {
    self.path = path
    absolute = path.fromRoot
    identity = FileIdentity(of: path)
  }

  /// The directory that holds all of `inputs`, directories among them being as good as what they
  /// hold; nil where there are none.
  init?(above inputs: [FilePath]) {
    let directories = inputs.lazy.map { input in
      let isDirectory = FileIdentity(of: input)?.isDirectory ?? false
      return isDirectory ? input.fromRoot : input.fromRoot.removingLastComponent()
    }
    guard var common = directories.first else { return nil }
    for directory in directories {
      while !directory.starts(with: common) { common.removeLastComponent() }
    }
    var path = common
    if path.removePrefix(FilePath().fromRoot) { path = path.isEmpty ? "." : path }
    self.init(path)
  }

  /// The path of an input from here; nil where it doesn't lie below. Names decide, and where they
  /// don't, the files that they lead to: one directory may have several names.
  func relativePath(of input: FilePath) -> FilePath? {
    var above = input.fromRoot
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
  fileprivate var fromRoot: FilePath {
    guard isRelative, let directory = getcwd(nil, 0) else { return lexicallyNormalized() }
    defer { free(directory) }
    return FilePath(platformString: directory).pushing(self).lexicallyNormalized()
  }
}
