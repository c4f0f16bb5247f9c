import Foundation
import SystemPackage

/// A disk of a few kilobytes in a folder of its own, which only root can have.
final class SmallDisk {
  let folder: Folder
  private let path: String

  /// - Parameter name: Of the folder in which the disk is.
  init?(_ name: String, kilobytes: Int, isReadOnly: Bool = false) throws {
    folder = try Folder()
    path = folder.path.appending(name).string
    try folder.directory(name)
    let flags = isReadOnly ? UInt(MS_RDONLY) : 0
    guard mount("none", path, "tmpfs", flags, "size=\(kilobytes)k") == 0 else { return nil }
  }

  // Before the folder is removed.
  deinit { umount(path) }

  static let isPossible = (try? SmallDisk("out", kilobytes: 64)) != nil
}
