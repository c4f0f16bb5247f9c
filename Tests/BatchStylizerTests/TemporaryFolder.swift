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

  /// The path of a name, or of several with slashes between them, in it.
  subscript(_ name: String) -> FilePath { path.pushing(FilePath(name)) }

  /// All files below it, by their paths in it, sorted; directories aren't told.
  var files: [String] {
    let found = FileManager.default.enumerator(atPath: path.string)?.compactMap { $0 as? String }
    return (found ?? []).filter { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: self[name].string, isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }.sorted()
  }

  @discardableResult
  func directory(_ name: String) throws -> FilePath {
    try FileManager.default.createDirectory(
      atPath: self[name].string, withIntermediateDirectories: true)
    return self[name]
  }

  /// A file, and the directories above it.
  @discardableResult
  func file(_ name: String, holding bytes: [UInt8]) throws -> FilePath {
    try file(self[name], holding: bytes)
  }

  /// A file whose name need not be valid UTF-8.
  @discardableResult
  func file(_ path: FilePath, holding bytes: [UInt8]) throws -> FilePath {
    try FileManager.default.createDirectory(
      atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(bytes) }
    return path
  }

  @discardableResult
  func symbolicLink(_ name: String, to target: FilePath) throws -> FilePath {
    try FileManager.default.createSymbolicLink(
      atPath: self[name].string, withDestinationPath: target.string)
    return self[name]
  }

  @discardableResult
  func hardLink(_ name: String, to target: FilePath) throws -> FilePath {
    try FileManager.default.linkItem(atPath: target.string, toPath: self[name].string)
    return self[name]
  }

  func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: self[name].string)))
  }
}
