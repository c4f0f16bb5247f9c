import SystemFiles
import SystemPackage

/// A picture's file, read at any place.
final class SourceFile {
  private let picture: OpenedPicture
  /// A piece of the file, so that a walk over its headers costs few system calls.
  private var window: [UInt8] = []
  private var windowStart = 0

  init(_ picture: OpenedPicture) {
    self.picture = picture
  }

  var descriptor: FileDescriptor { picture.descriptor }
  var format: ImageFormat { picture.format }
  /// The number of bytes in the file when it was opened.
  var size: Int { picture.status.size }

  /// The bytes from `offset` on, fewer than `count` only where the file ends.
  func bytes(at offset: Int, count: Int) throws(ImageFileError) -> ArraySlice<UInt8> {
    let start = offset - windowStart
    if start < 0 || count > window.count - start {
      window = try OpenedPicture.read(from: descriptor, at: offset, count: max(count, 1 << 12))
      windowStart = offset
      return window.prefix(count)
    }
    return window[start..<start + count]
  }
}
