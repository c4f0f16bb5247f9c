import Foundation
import SystemPackage

/// A folder for one test, removed with all that is in it when let go of.
public final class TemporaryFolder {
  public let path: FilePath

  public init() throws {
    let url = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("pastiche-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = FilePath(url.path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  /// The path of a name, or of several with slashes between them, in it.
  public subscript(_ name: String) -> FilePath { path.pushing(FilePath(name)) }

  /// All files below it, by their paths in it, sorted; directories aren't told.
  public var files: [String] {
    let found = FileManager.default.enumerator(atPath: path.string)?.compactMap { $0 as? String }
    return (found ?? []).filter { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: self[name].string, isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }.sorted()
  }

  @discardableResult
  public func directory(_ name: String) throws -> FilePath {
    try FileManager.default.createDirectory(
      atPath: self[name].string, withIntermediateDirectories: true)
    return self[name]
  }

  /// A file, and the directories above it.
  @discardableResult
  public func file(_ name: String, holding bytes: [UInt8] = []) throws -> FilePath {
    try file(self[name], holding: bytes)
  }

  /// A file whose name need not be valid UTF-8.
  @discardableResult
  public func file(_ path: FilePath, holding bytes: [UInt8]) throws -> FilePath {
    try FileManager.default.createDirectory(
      atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(bytes) }
    return path
  }

  @discardableResult
  public func symbolicLink(_ name: String, to target: FilePath) throws -> FilePath {
    try FileManager.default.createSymbolicLink(
      atPath: self[name].string, withDestinationPath: target.string)
    return self[name]
  }

  @discardableResult
  public func hardLink(_ name: String, to target: FilePath) throws -> FilePath {
    try FileManager.default.linkItem(atPath: target.string, toPath: self[name].string)
    return self[name]
  }

  public func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: self[name].string)
  }

  public func bytes(_ name: String) throws -> [UInt8] {
    try self[name].bytes
  }

  @discardableResult
  public func file(_ name: String, holding text: String) throws -> FilePath {
    try file(name, holding: Array(text.utf8))
  }

  /// The text in a file, or nil where there is none.
  public func content(of name: String) -> String? {
    (try? bytes(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names in it, sorted; those that begin with a dot, too.
  public var entries: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path.string).sorted() }
  }
}
