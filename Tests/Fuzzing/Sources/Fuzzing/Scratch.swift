import Glibc
import SystemPackage

/// The files of this process, in `$TMPDIR`, which whoever runs it makes and removes.
public enum Scratch {
  public static let folder: FilePath = {
    let parent = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? "/tmp"
    // Numbers of processes come again in an hour.
    var template = Array(parent.appending("fuzzing-XXXXXX").string.utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("a folder in \(parent)") }
    return FilePath(platformString: made)
  }()

  /// A file of these bytes.
  public static func file(_ name: FilePath.Component, holding bytes: [UInt8]) -> FilePath {
    let path = folder.appending(name)
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      preconditionFailure("\(path): \(error)")
    }
    return path
  }

  public static func opened(_ path: FilePath) -> FileDescriptor {
    do { return try FileDescriptor.open(path, .readOnly) } catch {
      preconditionFailure("\(path): \(error)")
    }
  }

  /// The most that a pipe holds while nobody reads.
  public static let pipeCapacity = 1 << 16

  /// A pipe that gives these bytes and ends.
  ///
  /// - Precondition: There are `pipeCapacity` at most.
  public static func pipe(giving bytes: [UInt8]) -> FileDescriptor {
    precondition(bytes.count <= pipeCapacity, "the pipe holds all")
    do {
      let pipe = try FileDescriptor.pipe()
      try pipe.writeEnd.closeAfter { _ = try pipe.writeEnd.writeAll(bytes) }
      return pipe.readEnd
    } catch {
      preconditionFailure("a pipe: \(error)")
    }
  }
}
