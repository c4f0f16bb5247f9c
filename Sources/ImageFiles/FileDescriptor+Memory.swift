import CImageCodecs
import Glibc
import SystemFiles
import SystemPackage

extension FileDescriptor {
  /// An empty file in memory.
  static func memoryFile() throws(ImageFileError) -> FileDescriptor {
    let raw = CImageCodecs_createMemoryFile()
    guard raw >= 0 else { throw .unreadable(Errno(rawValue: errno)) }
    return FileDescriptor(rawValue: raw)
  }

  /// The state of the file.
  func status() throws(ImageFileError) -> FileStatus {
    do throws(Errno) { return try FileStatus(of: self) } catch { throw .unreadable(error) }
  }
}
