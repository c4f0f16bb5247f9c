/// The layout of a row's samples in memory: interleaved RGB or RGBA, without padding, alpha not
/// multiplied in.
public struct PixelFormat: Equatable, Hashable, Sendable {
  /// Bits a sample.
  public enum Depth: Int, Sendable {
    /// One byte, 0…255.
    case eight = 8
    /// Two bytes in the machine's order, 0…65535.
    case sixteen = 16
  }

  public var hasAlpha: Bool
  public var depth: Depth

  public init(hasAlpha: Bool = false, depth: Depth = .eight) {
    self.hasAlpha = hasAlpha
    self.depth = depth
  }

  /// The number of channels, 3 or 4.
  public var channels: Int { hasAlpha ? 4 : 3 }
  /// The bytes of a sample, 1 or 2.
  public var bytesPerSample: Int { depth.rawValue / 8 }
  public var bytesPerPixel: Int { channels * bytesPerSample }

  /// The bytes of one row. `width` is at most 2³¹ − 1, so there is no overflow.
  public func bytesPerRow(width: Int) -> Int { width * bytesPerPixel }
}
