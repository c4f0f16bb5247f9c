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
  static func seekable(
    _ opened: FileDescriptor
  ) throws(ImageFileError) -> (descriptor: FileDescriptor, size: Int) {
    var status = stat()
    guard fstat(opened.rawValue, &status) == 0 else {
      let reason = Errno(rawValue: errno)
      try? opened.close()
      throw .unreadable(reason)
    }
    if status.st_mode & S_IFMT == S_IFREG { return (opened, Int(status.st_size)) }
    defer { try? opened.close() }
    let raw = CImageCodecs_createMemoryFile()
    guard raw >= 0 else { throw .unreadable(Errno(rawValue: errno)) }
    let copy = FileDescriptor(rawValue: raw)
    let size: Int
    do {
      try copyAll(from: opened, to: copy)
      size = Int(try copy.seek(offset: 0, from: .current))
    } catch {
      try? copy.close()
      throw .unreadable(error as? Errno ?? .ioError)
    }
    return (copy, size)
  }

  private static func copyAll(from source: FileDescriptor, to copy: FileDescriptor) throws {
    var isRecognized = false
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var held: [UInt8] = []
    while true {
      let count = try piece.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { break }
      if isRecognized {
        try copy.writeAll(piece[..<count])
        continue
      }
      // An endless stream of something else is not waited for.
      held += piece[..<count]
      if held.count < 8 { continue }
      isRecognized = ImageFormat(signature: held) != nil
      try copy.writeAll(held)
      if !isRecognized { return }
    }
    if !isRecognized { try copy.writeAll(held) }
  }
}
