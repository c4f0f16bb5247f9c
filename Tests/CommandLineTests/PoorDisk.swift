import Foundation
import SystemPackage

/// A directory `disk` in a test's folder that can less than others, by a library put ahead of the
/// system's: what it can't is told by `Shims/disk.c`.
enum PoorDisk {
  /// The environment of a run that sees such a disk.
  static func environment(_ lacks: String) -> [String: String] {
    ["LD_PRELOAD": library?.string ?? "", "TEST_DISK": lacks]
  }

  /// Whether there is a compiler for it.
  static let isPossible = library != nil

  private static let library: FilePath? = {
    guard let compiler = command("cc") ?? command("clang"), let folder else { return nil }
    let source = FilePath(#filePath).removingLastComponent().appending("Shims/disk.c")
    let library = folder.path.appending("disk.so")
    let words = ["-shared", "-fPIC", "-o", library.string, source.string, "-ldl"]
    let run = try? folder.start(words.map(Program.Argument.init(stringLiteral:)), of: compiler)
      .wait()
    return run?.status == 0 ? library : nil
  }()

  /// Where the library is; used once, and kept until the tests end.
  private nonisolated(unsafe) static let folder = try? Folder()
}
