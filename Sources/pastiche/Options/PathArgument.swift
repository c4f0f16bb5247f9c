import ArgumentParser
import SystemPackage

/// A path as it was typed, byte for byte.
struct PathArgument: ExpressibleByArgument {
  let path: FilePath
  /// Whether the path says that it is a directory; a `FilePath` forgets that.
  let endsInSlash: Bool

  /// A path that was made of typed ones.
  init(_ path: FilePath) {
    self.path = path
    endsInSlash = false
  }

  init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    path = RawArguments.path(of: argument)
    endsInSlash = argument.hasSuffix("/")
  }

  var defaultValueDescription: String { printable(path) }

  static var defaultCompletionKind: CompletionKind { .file() }
}
