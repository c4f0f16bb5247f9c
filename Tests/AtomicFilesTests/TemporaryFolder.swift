import Foundation
import SystemPackage

/// A folder for one test, removed with all that is in it when let go of.
final class TemporaryFolder {
  let path: FilePath

  init() throws {
    let url = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("pastiche-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = FilePath(url.path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  /// The names in it, sorted.
  var entries: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path.string).sorted() }
  }

  func file(_ name: String, holding text: String) throws -> FilePath {
    let file = path.appending(name)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
    return file
  }

  /// The text in a file, or nil where there is none.
  func content(of name: String) -> String? {
    FileManager.default.contents(atPath: path.appending(name).string)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
