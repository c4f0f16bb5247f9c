import Glibc
import SystemPackage

extension FilePath {
  /// The path of these bytes, up to a null byte.
  public init(bytes: [UInt8]) { self = bytes.withUnsafeBytes(FilePath.init(bytes:)) }

  /// The path of these bytes, up to a null byte.
  public init(bytes: UnsafeRawBufferPointer) {
    self = withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { characters in
      UnsafeMutableRawBufferPointer(characters).copyMemory(from: bytes)
      characters[bytes.count] = 0
      return characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
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
