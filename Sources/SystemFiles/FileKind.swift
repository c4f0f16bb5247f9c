import Glibc
import SystemPackage

/// What there is at a path, where it is a link what that leads to.
public enum FileKind: UInt8, Sendable {
  case file, directory
  /// A pipe, a socket or a device.
  case other
  /// Nothing, or what can't be looked at, or a standard stream.
  case unknown

  public init(of path: FilePath) {
    guard !path.isStandardStream else {
      self = .unknown
      return
    }
    var status = stat()
    self = path.withPlatformString { stat($0, &status) } == 0 ? FileKind(status) : .unknown
  }

  init(_ status: stat) {
    let identity = FileIdentity(status)
    self = identity.isDirectory ? .directory : identity.isRegularFile ? .file : .other
  }

  /// The byte that follows its name in the paths of what it holds, or its own.
  var terminator: UInt8 { self == .directory ? 0x2F : 0 }
}
