import Glibc
import SystemFiles
import SystemPackage

/// The contents of a safetensors file: named tensors, and text about them.
///
/// The file is a `UInt64` n, n bytes of JSON, and raw tensors, all little-endian. Reading is
/// strict: what the format allows to be ambiguous (keys given twice, bytes that two tensors share
/// or none owns) is refused, as are numbers that aren't finite, and every fault is told at once.
///
/// Format: <https://github.com/huggingface/safetensors>
public struct WeightFile: Equatable, Sendable {
  /// The header's `__metadata__`.
  public var metadata: [String: String]
  public var tensors: [String: StoredTensor]

  public init(metadata: [String: String] = [:], tensors: [String: StoredTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The largest file that is read, in bytes (a published style has 6.7 MB).
  public static let fileLimit = 1 << 30
  /// The longest header that is read, in bytes (a published style has 5.4 KB).
  public static let headerLimit = 1 << 20

  /// Reads the file at `path`.
  ///
  /// - Throws: `WeightFileError.unreadable` with the system's reason, `.notARegularFile`,
  ///   `.tooLarge`, or `.faults` with all that is wrong inside.
  /// - Complexity: O(*n*) in the file's size; the file and its values are in memory at once.
  public init(contentsOf path: FilePath) throws(WeightFileError) {
    try self.init(decoding: readFile(path, atMost: .max))
  }

  /// Reads the `__metadata__` of the file at `path` alone.
  ///
  /// - Throws: As `init(contentsOf:)`, but that tensors are not looked at.
  /// - Complexity: O(*n*) in the header's size.
  public static func metadata(of path: FilePath) throws(WeightFileError) -> [String: String] {
    let bytes = try readFile(path, atMost: 8 + headerLimit)
    let range = try headerRange(of: bytes)
    do throws(JSONError) {
      return try Header(reading: bytes[range], dataBytes: 0).metadata
    } catch {
      throw .faults([.malformedHeader(error)])
    }
  }

  /// Writes the file `path`, complete or not at all; equal contents give equal bytes.
  ///
  /// - Parameters:
  ///   - type: The format of the numbers, as `encoded(as:)`.
  ///   - replacing: Whether a file that is there already is replaced.
  /// - Throws: `WeightFileError.faults` where a tensor can't be written as `type`,
  ///   `.unwritable` where the file can't.
  public func write(
    to path: FilePath, as type: ElementType? = nil, replacing: Bool
  ) throws(WeightFileError) {
    let bytes = try encoded(as: type)
    do throws(AtomicFileError) {
      let file = try AtomicFile(path: path, replacing: replacing)
      try bytes.withUnsafeBufferPointer { bytes throws(AtomicFileError) in
        try file.write(UnsafeRawBufferPointer(bytes))
      }
      try file.commit()
    } catch {
      throw .unwritable(error)
    }
  }
}

/// Reads the bytes of the regular file at `path`, the first `count` of them.
private func readFile(_ path: FilePath, atMost count: Int) throws(WeightFileError) -> [UInt8] {
  do {
    // A named pipe without a writer would block an ordinary open for ever.
    let descriptor = try FileDescriptor.open(
      path, .readOnly, options: [.nonBlocking, .closeOnExec])
    return try descriptor.closeAfter {
      var status = stat()
      guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      guard status.st_mode & S_IFMT == S_IFREG else { throw WeightFileError.notARegularFile }
      let size = Int(status.st_size)
      guard size <= WeightFile.fileLimit else {
        throw WeightFileError.tooLarge(bytes: size, limit: WeightFile.fileLimit)
      }
      // A file that grows meanwhile is read as it was; one that shrinks is found truncated.
      let read = min(size, count)
      return try descriptor.readToEnd(atMost: read, expecting: read)
    }
  } catch let error as WeightFileError {
    throw error
  } catch {
    throw .unreadable(error as? Errno ?? .ioError)
  }
}
