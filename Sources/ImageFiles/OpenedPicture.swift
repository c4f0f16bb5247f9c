import SystemFiles
import SystemPackage

/// A picture's file, opened, of which the first bytes are known; closed when let go of.
///
/// What can't be read at any place (a pipe, a terminal) is first copied, as encoded, into a file in memory,
/// or on a disk where it is large.
public final class OpenedPicture: Sendable {
  public let format: ImageFormat
  /// The state of the file when it was opened.
  public let status: FileStatus
  let descriptor: FileDescriptor

  /// - Throws: `ImageFileError.unreadable`, `.empty`, `.unknownFormat`, `.otherFormat`; of
  ///   a pipe also `.endless`, `.uncopied`.
  public convenience init(_ path: FilePath) throws(ImageFileError) {
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

  /// - Parameter opened: Closed with this object, on failure too.
  init(owning opened: FileDescriptor) throws(ImageFileError) {
    let file: FileDescriptor
    (file, status) = try Self.seekable(opened)
    do throws(ImageFileError) {
      let start = try Self.read(from: file, at: 0, count: OtherFormat.signatureBytes)
      if start.isEmpty { throw .empty }
      if let other = OtherFormat(signature: start) { throw .otherFormat(other) }
      guard let known = ImageFormat(signature: start) else {
        throw .unknownFormat(Array(start.prefix(8)))
      }
      format = known
    } catch {
      try? file.close()
      throw error
    }
    descriptor = file
  }

  deinit { try? descriptor.close() }

  /// The bytes from `offset` on, fewer than `count` only where the file ends.
  static func read(
    from descriptor: FileDescriptor, at offset: Int, count: Int
  ) throws(ImageFileError) -> [UInt8] {
    do throws(Errno) { return try descriptor.readBytes(at: offset, count: count) } catch {
      throw .unreadable(error)
    }
  }

  /// `opened` itself where it is a regular file, else a copy of what it gives; takes ownership.
  private static func seekable(
    _ opened: FileDescriptor
  ) throws(ImageFileError) -> (file: FileDescriptor, status: FileStatus) {
    do throws(ImageFileError) {
      let status = try opened.status()
      if status.identity.isRegularFile { return (opened, status) }
    } catch {
      try? opened.close()
      throw error
    }
    defer { try? opened.close() }
    let copy = try FileDescriptor.memoryFile()
    do throws(ImageFileError) {
      var bytes = ForwardBytes(opened, isFile: false)
      try bytes.copying(to: copy) { bytes throws(ImageFileError) in
        // An endless stream of something else is not waited for.
        let isRecognized = ImageFormat(signature: try bytes.peek(8)) != nil
        if isRecognized { try bytes.passAll() } else { try bytes.passWhatCame() }
      }
      return (copy, try copy.status())
    } catch {
      try? copy.close()
      throw error
    }
  }
}
