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

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - memory: The most bytes that its values may take. That they take more is known from the header,
  ///     before any is read.
  /// - Throws: `WeightFileError.unreadable` with the system's reason, `.notARegularFile`,
  ///   `.tooLarge`, `.memoryTooSmall`, or `.faults` with all that is wrong inside.
  /// - Complexity: O(*n*) in the file's size; beside the values one tensor's bytes are in memory.
  public init(contentsOf path: FilePath, memory: Int = .max) throws(WeightFileError) {
    self = try reading(path) { file, size throws(WeightFileError) in
      try WeightFile(start: file.start(size), fileBytes: size, memory: memory) {
        offset, bytes throws(WeightFileError) in
        try file.readBytes(at: offset, into: bytes)
      }
    }
  }

  /// Reads the header of the file at `path` alone.
  ///
  /// - Throws: As `init(contentsOf:)`, but that what is wrong with tensors is told in the header.
  /// - Complexity: O(*n*) in the header's size.
  public static func header(of path: FilePath) throws(WeightFileError) -> WeightHeader {
    try reading(path) { file, size throws(WeightFileError) in
      try WeightHeader(start: file.start(size), fileBytes: size)
    }
  }

  /// Reads all of the file at `path`, whatever its format, for those of other programs.
  ///
  /// - Throws: `WeightFileError.unreadable`, `.notARegularFile`, `.tooLarge`.
  public static func bytes(of path: FilePath) throws(WeightFileError) -> [UInt8] {
    try reading(path) { file, size throws(WeightFileError) in try file.bytes(size) }
  }

  /// Reads the `__metadata__` of the file at `path` alone, whatever is wrong with tensors.
  ///
  /// - Throws: As `header(of:)`.
  public static func metadata(of path: FilePath) throws(WeightFileError) -> [String: String] {
    try header(of: path).metadata
  }

  /// Writes the file, complete or not at all; equal contents give equal bytes.
  ///
  /// - Parameters:
  ///   - path: The file.
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

/// Gives `body` the regular file at `path`, and its size.
private func reading<Result>(
  _ path: FilePath, _ body: (FileDescriptor, Int) throws(WeightFileError) -> Result
) throws(WeightFileError) -> Result {
  do {
    // A named pipe without a writer would block an ordinary open for ever.
    let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
    return try file.closeAfter {
      let status = try FileStatus(of: file)
      guard status.identity.isRegularFile else { throw WeightFileError.notARegularFile }
      guard status.size <= WeightFile.fileLimit else {
        throw WeightFileError.tooLarge(bytes: status.size, limit: WeightFile.fileLimit)
      }
      return try body(file, status.size)
    }
  } catch let error as WeightFileError {
    throw error
  } catch {
    throw .unreadable(error as? Errno ?? .ioError)
  }
}

extension FileDescriptor {
  /// The bytes of a file of `size` with its header, if they are there, and some more.
  fileprivate func start(_ size: Int) throws(WeightFileError) -> [UInt8] {
    let usual = 1 << 16
    var start = try bytes(min(size, usual))
    if let length = WeightFile.headerLength(of: start), length > UInt64(start.count - 8),
      length <= WeightFile.headerLimit
    {
      start = try bytes(min(size, 8 + Int(length)))
    }
    return start
  }

  fileprivate func bytes(_ count: Int) throws(WeightFileError) -> [UInt8] {
    do throws(Errno) { return try readBytes(at: 0, count: count) } catch {
      throw .unreadable(error)
    }
  }

  /// Fills `bytes` with those from `offset` on.
  ///
  /// - Returns: How many there were.
  fileprivate func readBytes(
    at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(WeightFileError) -> Int {
    do throws(Errno) { return try readAll(at: offset, into: bytes) } catch {
      throw .unreadable(error)
    }
  }
}
