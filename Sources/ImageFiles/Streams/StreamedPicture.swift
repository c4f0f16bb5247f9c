import SystemPackage

/// One of several pictures that stand one after the other, held as encoded, in memory or
/// on a disk.
public final class StreamedPicture: Sendable {
  /// Its number, from 1.
  public let number: Int
  public let format: ImageFormat
  let file: FileDescriptor

  /// - Parameter file: A file of the picture alone, closed with this object.
  init(number: Int, format: ImageFormat, file: FileDescriptor) {
    self.number = number
    self.format = format
    self.file = file
  }

  deinit { try? file.close() }
}
