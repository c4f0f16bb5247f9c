import Glibc
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
    do throws(Errno) { file = try OpenFile(path) } catch { throw .unreadable(error) }
    var status = stat()
    guard fstat(file.descriptor.rawValue, &status) == 0 else {
      throw .unreadable(Errno(rawValue: errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
    count = Int(status.st_size)
    read = { range throws(Errno) in try file.bytes(range) }
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

  /// The bytes of `range`, fewer where the file has become shorter.
  func bytes(_ range: Range<Int>) throws(Errno) -> [UInt8] {
    do {
      return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
        while count < range.count {
          let rest = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
          let more = try descriptor.read(
            fromAbsoluteOffset: Int64(range.lowerBound + count), into: rest)
          if more == 0 { break }
          count += more
        }
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
  }
}

extension [UInt8] {
  /// The little-endian integer at `offset`, or nil where the bytes end before it does.
  func integer<Integer: FixedWidthInteger>(at offset: Int, as type: Integer.Type) -> Int? {
    guard offset >= 0, offset <= count - Integer.bitWidth / 8 else { return nil }
    let stored = withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    return Int(exactly: Integer(littleEndian: stored))
  }
}
