import Glibc
import SystemPackage

extension FilePath {
  /// The path of these bytes, up to a null byte.
  public init(bytes: some Sequence<UInt8>) {
    self = (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { characters in
      characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
    }
  }

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
