import Glibc
import SystemPackage

/// The place where scratch files lie.
public enum ScratchDirectory {
  /// `$TMPDIR`, else `/var/tmp`: the first that is a directory and doesn't lie in memory, which is
  /// what scratch files are to spare.
  ///
  /// - Throws: `ScratchFileError.noDirectory`.
  public static func standard() throws(ScratchFileError) -> FilePath {
    var candidates: [FilePath] = []
    if let variable = getenv("TMPDIR"), variable.pointee != 0 {
      candidates.append(FilePath(platformString: variable))
    }
    candidates.append("/var/tmp")
    return try first(of: candidates)
  }

  /// An empty file without a name in `directory`, gone after every ending of the process.
  ///
  /// - Throws: The system's reason.
  public static func file(in directory: FilePath) throws(Errno) -> FileDescriptor {
    let file = try TemporaryFile(in: directory, .readWrite, permissions: .ownerReadWrite)
    // Where the file system knows no files without a name, this one loses it at once.
    if let name = file.name { TemporaryNames.remove(name) }
    return file.descriptor
  }

  static func first(of candidates: [FilePath]) throws(ScratchFileError) -> FilePath {
    guard let first = candidates.first(where: isOnDisk) else {
      throw .noDirectory(tried: candidates)
    }
    return first
  }

  /// Tells whether `path` is a directory on a file system that doesn't lie in memory, as far as
  /// that can be told.
  static func isOnDisk(_ path: FilePath) -> Bool {
    var file = stat()
    guard path.withPlatformString({ stat($0, &file) }) == 0, file.st_mode & S_IFMT == S_IFDIR
    else { return false }
    // As makedev(3) puts them together.
    let major = file.st_dev >> 8 & 0xFFF | file.st_dev >> 32 & ~0xFFF
    let minor = file.st_dev & 0xFF | file.st_dev >> 12 & ~0xFF
    return !devicesInMemory.contains("\(major):\(minor)")
  }

  /// Device numbers of the file systems in memory, as /proc writes them.
  private static var devicesInMemory: Set<Substring> {
    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - tmpfs /dev/root rw
    Set(
      TextFile.lines(of: "/proc/self/mountinfo").compactMap { line in
        let words = line.split(separator: " ")
        guard let dash = words.firstIndex(of: "-"), dash + 1 < words.count, words.count > 2,
          ["tmpfs", "ramfs"].contains(words[dash + 1])
        else { return nil }
        return words[2]
      })
  }
}
