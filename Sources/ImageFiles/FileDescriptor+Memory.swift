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

  /// Moves a file in memory to a disk, where there is one for scratch files. The descriptor goes on where
  /// it was.
  ///
  /// - Throws: `ImageFileError.uncopied`.
  func moveToDisk() throws(ImageFileError) {
    guard let directory = try? ScratchDirectory.standard() else { return }
    do {
      let file = try ScratchDirectory.file(in: directory)
      try file.closeAfter {
        let count = Int(try self.seek(offset: 0, from: .current))
        _ = try file.writeAll(try self.readBytes(at: 0, count: count))
        _ = try file.duplicate(as: self)
        _ = fcntl(rawValue, F_SETFD, FD_CLOEXEC)
      }
    } catch {
      throw .uncopied(directory, error as? Errno ?? .ioError)
    }
  }

  /// The state of the file.
  func status() throws(ImageFileError) -> FileStatus {
    do throws(Errno) { return try FileStatus(of: self) } catch { throw .unreadable(error) }
  }
}
