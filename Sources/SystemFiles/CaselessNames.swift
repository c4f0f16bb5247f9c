import Glibc
import SystemPackage

/// Tells which names a disk takes for one: those of cameras, Windows and macOS see no difference of
/// case, and some none between an accent in a letter and one behind it.
public enum CaselessNames {
  /// A path as the least particular disk sees it: whatever is one to any disk is one here.
  public static func key(_ path: FilePath) -> String {
    key(decoding: path.bytes)
  }

  /// The same of a path's bytes.
  public static func key(decoding bytes: some Collection<UInt8>) -> String {
    // Strings are equal wherever their letters have their accents.
    String(decoding: bytes, as: UTF8.self).uppercased().lowercased()
  }

  /// Asks the disk whether two paths with the same key are one, by an empty file in a directory of
  /// its own, both gone at once; false where that can't be tried.
  public static func areOne(_ a: FilePath, _ b: FilePath) -> Bool {
    var (above, otherAbove) = (a.removingLastComponent(), b.removingLastComponent())
    var below = [(a.lastComponent, b.lastComponent)]
    // What is there already tells by itself.
    while !above.isEmpty, FileIdentity(of: above) == nil {
      below.append((above.lastComponent, otherAbove.lastComponent))
      above.removeLastComponent()
      otherAbove.removeLastComponent()
    }
    guard above == otherAbove || FileIdentity(of: above) == FileIdentity(of: otherAbove) else {
      return false
    }
    let (place, made) = TemporaryNames.create(in: above.isEmpty ? "." : above) { mkdir($0, 0o700) }
    guard made == 0 else { return false }
    let lock = place.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    _ = flock(lock, LOCK_EX | LOCK_NB)
    defer {
      TemporaryNames.remove(place)
      close(lock)
    }
    return below.allSatisfy { name, other in
      guard let name, let other else { return false }
      return name == other || areOne(name, other, in: place)
    }
  }

  private static func areOne(
    _ name: FilePath.Component, _ other: FilePath.Component, in directory: FilePath
  ) -> Bool {
    let file = directory.appending(name)
    let descriptor = file.withPlatformString {
      open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    }
    guard descriptor >= 0 else { return false }
    close(descriptor)
    defer { _ = file.withPlatformString { unlink($0) } }
    return OutputEntry(at: directory.appending(other)) != .nothing
  }
}
