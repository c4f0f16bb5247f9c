import Glibc
import Synchronization
import SystemPackage

/// The names that files of this process have for a moment only, `.pastiche-PID-RANDOM-CHECK`.
///
/// A process that ends takes them along: `end` removes what there is. One that is killed can't; what it
/// leaves has no lock any more, by which the next process to write into the directory knows it, on this
/// machine or, where the disk is shared, on another.
public enum TemporaryNames {
  private static let present = Mutex<Set<FilePath>>([])
  /// The hashes of directories that were rid of what others left.
  private static let swept = Mutex<Set<Int>>([])

  /// Gives a file or directory a fresh name, of a fixed length: one made from a file's own could be too
  /// long.
  ///
  /// - Parameter make: Makes it; below 0 where it can't, which is given back with `errno` as it is.
  static func create(
    in directory: FilePath, _ make: (UnsafePointer<CChar>) -> CInt
  ) -> (name: FilePath, result: CInt) {
    let name = fresh(in: directory)
    let result = present.withLock { present in
      let result = name.withPlatformString(make)
      if result >= 0 { present.insert(name) }
      return result
    }
    return (name, result)
  }

  /// Does what must not be half done when the process ends.
  static func uninterrupted<Result>(_ body: () -> Result) -> Result {
    present.withLock { _ in body() }
  }

  /// Forgets a name that its file has lost to another.
  static func forget(_ name: FilePath) {
    present.withLock { _ = $0.remove(name) }
  }

  static func remove(_ name: FilePath) {
    present.withLock { present in
      present.remove(name)
      removeEntry(name)
    }
  }

  /// Ends the process: what has such a name is removed, and no more gets one.
  public static func end(_ status: CInt) -> Never {
    present.withLock { present in
      for name in present { removeEntry(name) }
      _exit(status)
    }
  }

  /// Removes what processes left in a directory that are no more, once for each directory.
  static func sweep(_ directory: FilePath) {
    guard swept.withLock({ $0.insert(directory.hashValue).inserted }),
      let entries = try? DirectoryEntries(of: directory, hidden: true)
    else { return }
    for entry in entries where isOurs(entry.name.string) {
      let path = directory.appending(entry.name)
      let descriptor = path.withPlatformString {
        open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      }
      guard descriptor >= 0 else { continue }
      // Who made it holds a lock on it.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { removeEntry(path) }
      close(descriptor)
    }
  }

  private static func fresh(in directory: FilePath) -> FilePath {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let stem = "\(prefix)\(getpid())-\(random)"
    return directory.appending("\(stem)-\(check(stem))")
  }

  private static let prefix = ".pastiche-"

  /// Whether a name was made here: nothing else has its check.
  static func isOurs(_ name: String) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard name.hasPrefix(prefix), parts.count == 4 else { return false }
    return String(parts[3]) == check(parts[..<3].joined(separator: "-"))
  }

  /// Seven letters that follow from a name: FNV-1a of 32 bits.
  private static func check(_ stem: String) -> String {
    let hash = stem.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return String(hash, radix: 36)
  }

  /// Removes a file, or a directory with the files in it.
  private static func removeEntry(_ path: FilePath) {
    guard path.withPlatformString({ unlink($0) }) != 0, errno == EISDIR || errno == EPERM else {
      return
    }
    for hidden in [false, true] {
      for entry in (try? DirectoryEntries(of: path, hidden: hidden)).map(Array.init) ?? [] {
        _ = path.appending(entry.name).withPlatformString { unlink($0) }
      }
    }
    _ = path.withPlatformString { rmdir($0) }
  }
}
