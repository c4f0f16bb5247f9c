import Glibc
import SystemPackage

/// The names in a directory but those that begin with a dot, in no particular order.
///
/// They are taken as bytes, valid UTF-8 or not.
public struct DirectoryEntries {
  public let names: [FilePath.Component]

  /// - Throws: The system's reason where the directory can't be listed.
  public init(of directory: FilePath) throws(Errno) {
    guard let stream = directory.withPlatformString({ opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
    var names: [FilePath.Component] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw Errno(rawValue: errno) }
        self.names = names
        return
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 256) {
          $0[0] == 0x2E ? nil : FilePath.Component(platformString: $0)
        }
      }
      if let name { names.append(name) }
    }
  }
}
