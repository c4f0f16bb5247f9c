import ArgumentParser
import SystemPackage

/// A path as it was typed, byte for byte.
struct PathArgument: ExpressibleByArgument {
  let path: FilePath
  /// Whether the path says that it is a directory; a `FilePath` forgets that.
  let endsInSlash: Bool

  init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    path = RawArguments.path(of: argument)
    endsInSlash = argument.hasSuffix("/")
  }

  var defaultValueDescription: String { printable(path) }

  static var defaultCompletionKind: CompletionKind { .file() }
}
