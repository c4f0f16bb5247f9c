import CImageCodecs
import Glibc
import SystemFiles
import SystemPackage

/// An image file opened for reading at any place, closed when let go of.
///
/// What can't be read at any place (a pipe, a terminal) is first copied into a file in memory,
/// as encoded.
final class SourceFile {
  let descriptor: FileDescriptor
  let format: ImageFormat
  /// The number of bytes in the file when it was opened.
  let size: Int

  /// A piece of the file, so that a walk over its headers costs few system calls.
  private var window: [UInt8] = []
  private var windowStart = 0

  /// - Throws: `ImageFileError.unreadable`, `.empty`, `.unknownFormat`, `.otherFormat`.
  convenience init(path: FilePath) throws(ImageFileError) {
    let opened: FileDescriptor
    do {
      opened =
        path.isStandardStream
        ? try StandardInput.shared.get().duplicate()
        : try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
    } catch {
      throw error as? ImageFileError ?? .unreadable(error as? Errno ?? .ioError)
    }
    try self.init(owning: opened)
  }

  /// - Parameter opened: Closed by this object, on failure too.
  init(owning opened: FileDescriptor) throws(ImageFileError) {
    (descriptor, size) = try Self.seekable(opened)
    let start: [UInt8]
    do throws(ImageFileError) {
      start = try Self.read(from: descriptor, at: 0, count: OtherFormat.signatureBytes)
      if start.isEmpty { throw .empty }
      if let other = OtherFormat(signature: start) { throw .otherFormat(other) }
      guard let known = ImageFormat(signature: start) else {
        throw .unknownFormat(Array(start.prefix(8)))
      }
      format = known
    } catch {
      try? descriptor.close()
      throw error
    }
  }

  deinit { try? descriptor.close() }

  /// The bytes from `offset` on, fewer than `count` only where the file ends.
  func bytes(at offset: Int, count: Int) throws(ImageFileError) -> ArraySlice<UInt8> {
    let start = offset - windowStart
    if start < 0 || count > window.count - start {
      window = try Self.read(from: descriptor, at: offset, count: max(count, 1 << 12))
      windowStart = offset
      return window.prefix(count)
    }
    return window[start..<start + count]
  }

  private static func read(
    from descriptor: FileDescriptor, at offset: Int, count: Int
  ) throws(ImageFileError) -> [UInt8] {
    do {
      return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        while filled < count {
          let fresh = try descriptor.read(
            fromAbsoluteOffset: Int64(offset + filled), into: .init(rebasing: bytes[filled...]))
          if fresh == 0 { return }
          filled += fresh
        }
      }
    } catch {
      throw .unreadable(error as? Errno ?? .ioError)
    }
  }

  /// `opened` itself where it is a regular file, else a copy of what it gives; takes ownership.
  private static func seekable(
    _ opened: FileDescriptor
  ) throws(ImageFileError) -> (descriptor: FileDescriptor, size: Int) {
    do throws(ImageFileError) {
      if let size = try regularSize(opened) { return (opened, size) }
    } catch {
      try? opened.close()
      throw error
    }
    defer { try? opened.close() }
    let copy = try memoryFile()
    do throws(ImageFileError) {
      var bytes = ForwardBytes(opened, isFile: false)
      try bytes.copying(to: copy) { bytes throws(ImageFileError) in
        // An endless stream of something else is not waited for.
        let isRecognized = ImageFormat(signature: try bytes.peek(8)) != nil
        if isRecognized { try bytes.passAll() } else { try bytes.passWhatCame() }
      }
      return (copy, bytes.offset)
    } catch {
      try? copy.close()
      throw error
    }
  }

  /// The size of a regular file; nil for what is none.
  static func regularSize(_ file: FileDescriptor) throws(ImageFileError) -> Int? {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw .unreadable(Errno(rawValue: errno)) }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  /// An empty file in memory.
  static func memoryFile() throws(ImageFileError) -> FileDescriptor {
    let raw = CImageCodecs_createMemoryFile()
    guard raw >= 0 else { throw .unreadable(Errno(rawValue: errno)) }
    return FileDescriptor(rawValue: raw)
  }
}
