import Glibc
import SystemPackage

/// Room on a disk for what doesn't fit in memory. It has no name, so that it is gone after every
/// ending of the process, `kill -9` included, and all of it is reserved from the start, so that a
/// full disk shows before any work is done.
///
/// Bytes go in and out by `pread` and `pwrite`: those of a mapped file would count as memory. Any
/// number of threads may use it, as long as none reads what another writes.
public final class ScratchFile: Sendable {
  public let byteCount: Int
  /// The directory in which the file lies.
  public let directory: FilePath

  let descriptor: FileDescriptor

  /// Reserves `byteCount` bytes, which read as anything.
  ///
  /// - Throws: `ScratchFileError.unavailable` with the system's reason: a full or read-only disk, a
  ///   directory that isn't there.
  public init(in directory: FilePath, byteCount: Int) throws(ScratchFileError) {
    self.directory = directory
    self.byteCount = byteCount
    do throws(Errno) { descriptor = try ScratchDirectory.file(in: directory) } catch {
      throw .unavailable(directory, byteCount: byteCount, error)
    }
    // Returns its reason, and writes where the file system can't reserve.
    let status = posix_fallocate(descriptor.rawValue, 0, off_t(max(byteCount, 1)))
    guard status == 0 else {
      // `deinit` closes it: twice might close what another thread has opened meanwhile.
      throw .unavailable(directory, byteCount: byteCount, Errno(rawValue: status))
    }
  }

  deinit { try? descriptor.close() }

  /// Reserves room, or nothing where there is nothing to hold.
  ///
  /// - Parameters:
  ///   - byteCount: Bytes to hold.
  ///   - directory: The directory of the file; nil for `ScratchDirectory.standard()`.
  public static func reserve(_ byteCount: Int, in directory: FilePath?)
    throws(ScratchFileError) -> ScratchFile?
  {
    if byteCount == 0 { return nil }
    let place: FilePath
    if let directory { place = directory } else { place = try ScratchDirectory.standard() }
    return try ScratchFile(in: place, byteCount: byteCount)
  }

  /// Fills `bytes` with those at `offset`.
  public func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer)
    throws(ScratchFileError)
  {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
      let count = pread(descriptor.rawValue, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      // Its end can't come within what was reserved.
      guard count > 0 else {
        throw .failed(directory, count < 0 ? Errno(rawValue: errno) : .ioError)
      }
      done += count
    }
  }

  /// Puts `bytes` at `offset`.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(ScratchFileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = pwrite(descriptor.rawValue, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .failed(directory, Errno(rawValue: errno)) }
      done += count
    }
  }
}
