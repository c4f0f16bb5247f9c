import Foundation
import SystemFiles
import SystemPackage
import WeightFiles

/// TensorFlow variables as deeplearn.js had them dumped: a folder with a file of little-endian singles for
/// each, and `manifest.json`, which has their names, files and shapes.
struct VariableFolder {
  static let manifest: FilePath.Component = "manifest.json"
  /// The longest manifest that is read, in bytes (a published one has 3 KB).
  static let manifestLimit = 1 << 20

  private struct Entry: Decodable {
    let filename: String
    let shape: [Int]
  }

  private let path: FilePath
  private let entries: [String: Entry]

  var shapes: [String: [Int]] { entries.mapValues(\.shape) }

  /// Reads the manifest of the folder at `path`.
  ///
  /// - Throws: `ForeignWeightsError.tensorFlow`.
  init(_ path: FilePath) throws(ForeignWeightsError) {
    self.path = path
    let bytes = try Self.read(path.appending(Self.manifest), named: "manifest.json") { size in
      size <= Self.manifestLimit
        ? nil : .manifestTooLong(bytes: size, limit: Self.manifestLimit)
    }
    guard let entries = try? JSONDecoder().decode([String: Entry].self, from: Data(bytes)) else {
      throw .tensorFlow([.malformedManifest])
    }
    self.entries = entries
  }

  /// The values of a variable.
  ///
  /// - Precondition: Its shape is one of a network of sane width.
  func values(of variable: String) throws(ForeignWeightsError) -> [Float] {
    guard let entry = entries[variable] else { return [] }
    guard let file = FilePath.Component(entry.filename), file.kind == .regular else {
      throw .tensorFlow([.fileElsewhere(variable: variable, file: entry.filename)])
    }
    let expected = entry.shape.reduce(4, *)
    let bytes = try Self.read(path.appending(file), named: entry.filename) { size in
      size == expected
        ? nil
        : .sizeMismatch(
          variable: variable, shape: entry.shape, expectedBytes: expected, foundBytes: size)
    }
    let values = bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    }
    if let first = values.firstIndex(where: { !$0.isFinite }) {
      let count = values.count { !$0.isFinite }
      throw .tensorFlow([.nonFinite(variable: variable, count: count, firstIndex: first)])
    }
    return values
  }

  /// - Parameter check: Finds what is wrong with the file's size, before it is read.
  private static func read(
    _ path: FilePath, named name: String, _ check: (Int) -> TensorFlowFault?
  ) throws(ForeignWeightsError) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
      return try file.closeAfter {
        let status = try FileStatus(of: file)
        guard status.identity.isRegularFile else {
          throw ForeignWeightsError.tensorFlow([.notARegularFile(name)])
        }
        if let fault = check(status.size) { throw ForeignWeightsError.tensorFlow([fault]) }
        return try file.readBytes(at: 0, count: status.size)
      }
    } catch let error as ForeignWeightsError {
      throw error
    } catch {
      throw .tensorFlow([.unreadable(name, error as? Errno ?? .ioError)])
    }
  }
}
