import Foundation
import SystemPackage

/// The executables whose instructions are looked at: the one under test, and the release build,
/// where the linker's choices differ, if no source is newer.
enum BuiltPrograms {
  #if arch(x86_64)
    static let areX86 = true
  #else
    static let areX86 = false
  #endif

  static let all: [FilePath] = {
    let release = package.appending(".build/release/pastiche")
    guard release != Program.executable, isCurrent(release) else { return [Program.executable] }
    return [Program.executable, release]
  }()

  /// Of them, the one that runs faster.
  static var fastest: FilePath { all.last ?? Program.executable }

  /// Tests/CommandLineTests/BuiltPrograms.swift is three levels down.
  private static let package = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  private static func isCurrent(_ executable: FilePath) -> Bool {
    guard let built = modified(executable.string) else { return false }
    let sources = package.appending("Sources").string
    let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
    return files.allSatisfy { file in
      modified("\(sources)/\(file)").map { $0 <= built } ?? false
    }
  }

  private static func modified(_ path: String) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }
}

/// Where a command lies in `$PATH`.
func command(_ name: String) -> FilePath? {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  return path.split(separator: ":").map { FilePath(String($0)).appending(name) }
    .first { FileManager.default.isExecutableFile(atPath: $0.string) }
}
