import Foundation
import SystemPackage

/// A library put ahead of the system's, which makes a poorer system of it: compiled from `Shims`.
struct Shim {
  /// Nil where there is no compiler for it.
  let library: FilePath?

  init(_ name: String) {
    guard let compiler = command("cc") ?? command("clang"), let folder = Self.folder else {
      library = nil
      return
    }
    let source = FilePath(#filePath).removingLastComponent().appending("Shims/\(name).c")
    let library = folder.path.appending("\(name).so")
    let words = ["-shared", "-fPIC", "-o", library.string, source.string, "-ldl"]
    let run = try? folder.start(words.map(Program.Argument.init(stringLiteral:)), of: compiler)
      .wait()
    self.library = run?.status == 0 ? library : nil
  }

  /// The environment of a run under it.
  func environment(_ name: String, _ value: String) -> [String: String] {
    ["LD_PRELOAD": library?.string ?? "", name: value]
  }

  /// Where the libraries are, until the tests end.
  private nonisolated(unsafe) static let folder = try? Folder()
}
