import Glibc
import SystemPackage

extension FilePath {
  /// The path's bytes, valid UTF-8 or not.
  public var bytes: [UInt8] {
    withPlatformString {
      UnsafeBufferPointer(start: $0, count: length).map { UInt8(bitPattern: $0) }
    }
  }

  /// Tells whether this path comes first in the order of their bytes.
  public func precedes(_ other: FilePath) -> Bool {
    withPlatformString { a in other.withPlatformString { strcmp(a, $0) < 0 } }
  }
}
