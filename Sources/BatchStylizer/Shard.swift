import SystemFiles
import SystemPackage
import Tensors

/// One of several shares of a run's pictures, which go to machines that know nothing of one another.
///
/// A picture's share follows from its relative path alone, so that a file that comes late moves no
/// other. Files whose outputs could clash share one: neither the extension counts, nor the case of
/// ASCII letters.
public struct Shard: Equatable, Sendable, CustomStringConvertible {
  /// The share's number, from 0.
  public let index: Int
  /// The number of shares, at least 1.
  public let count: Int

  /// A share; nil where there is none of that number.
  public init?(_ index: Int, of count: Int) {
    guard count >= 1, (0..<count).contains(index) else { return nil }
    self.index = index
    self.count = count
  }

  public var description: String { "\(index)/\(count)" }

  /// Whether the picture of this relative path is one of the share.
  public func contains(_ relativePath: FilePath) -> Bool {
    count == 1 || Int(Self.hash(relativePath) % UInt64(count)) == index
  }

  /// FNV-1a, of 64 bits (Fowler, Noll and Vo 1991), over the path without extension in lower case, mixed
  /// once more: in its own bits, names that differ by a number at their end hardly do.
  static func hash(_ relativePath: FilePath) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    relativePath.withPlatformString { start in
      let bytes = UnsafeRawBufferPointer(start: start, count: relativePath.length)
      let name = bytes.lastIndex(of: slash).map { $0 + 1 } ?? 0
      // A dot that a name begins with begins no extension.
      let end = bytes[name...].dropFirst().lastIndex(of: dot) ?? bytes.count
      for byte in bytes[..<end] {
        hash ^= UInt64((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        hash = hash &* 0x100_0000_01B3
      }
    }
    var mixed = SplitMix64(seed: hash)
    return mixed.next()
  }
}

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
