import SystemFiles
import SystemPackage

/// The bytes of a file, read piece by piece: what isn't asked for is not in memory.
struct ByteSource: Sendable {
  let count: Int
  private let read: @Sendable (Range<Int>) throws(Errno) -> [UInt8]

  /// Bytes that are in memory already.
  init(_ bytes: [UInt8]) {
    count = bytes.count
    read = { range in Array(bytes[range]) }
  }

  /// Opens the regular file at `path`; it is closed when nobody reads it any more.
  ///
  /// - Throws: `PyTorchFault.unreadable` with the system's reason, or `.notARegularFile`.
  init(contentsOf path: FilePath) throws(PyTorchFault) {
    let file: OpenFile
    let status: FileStatus
    do throws(Errno) {
      file = try OpenFile(path)
      status = try FileStatus(of: file.descriptor)
    } catch {
      throw .unreadable(error)
    }
    guard status.identity.isRegularFile else { throw .notARegularFile }
    count = status.size
    read = { range throws(Errno) in
      try file.descriptor.readBytes(at: range.lowerBound, count: range.count)
    }
  }

  /// The bytes of `range`.
  ///
  /// - Throws: `PyTorchFault.truncated` where some aren't there, or are there no more.
  /// - Complexity: O(*n*) in the range's length.
  func bytes(_ range: Range<Int>) throws(PyTorchFault) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw .truncated(needed: range.upperBound, found: count)
    }
    let bytes: [UInt8]
    do throws(Errno) { bytes = try read(range) } catch { throw .unreadable(error) }
    guard bytes.count == range.count else {
      throw .truncated(needed: range.upperBound, found: range.lowerBound + bytes.count)
    }
    return bytes
  }
}

/// A file that is closed when its last owner goes.
private final class OpenFile: Sendable {
  let descriptor: FileDescriptor

  init(_ path: FilePath) throws(Errno) {
    do {
      // A named pipe without a writer would block an ordinary open for ever.
      descriptor = try FileDescriptor.open(
        path, .readOnly, options: [.nonBlocking, .closeOnExec])
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  deinit { try? descriptor.close() }
}

extension [UInt8] {
  /// The little-endian integer at `offset`, or nil where the bytes end before it does.
  func integer<Integer: FixedWidthInteger>(at offset: Int, as type: Integer.Type) -> Int? {
    guard offset >= 0, offset <= count - Integer.bitWidth / 8 else { return nil }
    let stored = withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    return Int(exactly: Integer(littleEndian: stored))
  }
}
