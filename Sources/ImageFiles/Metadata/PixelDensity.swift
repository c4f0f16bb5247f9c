/// The number of pixels to a length, or a pixel's width for its height.
public struct PixelDensity: Equatable, Sendable {
  public enum Unit: Equatable, Sendable {
    /// No length: x to y is a pixel's aspect, as height to width.
    case aspect
    case inch, centimetre, metre
  }

  public var x, y: UInt32
  public var unit: Unit

  /// Makes a density; nil where a side is 0, which means nothing.
  public init?(x: UInt32, y: UInt32, unit: Unit) {
    guard x > 0, y > 0 else { return nil }
    self.x = x
    self.y = y
    self.unit = unit
  }

  /// The same in the units of PNG's pHYs: pixels a metre, or an aspect.
  var inPNG: (x: UInt32, y: UInt32, unit: UInt8)? {
    switch unit {
    case .aspect: (x, y, 0)
    case .metre: (x, y, 1)
    case .centimetre: scaled(by: 100, over: 1, limit: 0x7FFF_FFFF).map { ($0, $1, 1) }
    case .inch: scaled(by: 10_000, over: 254, limit: 0x7FFF_FFFF).map { ($0, $1, 1) }
    }
  }

  /// The same in the units of JFIF: dots an inch (1) or a centimetre (2), or an aspect (0).
  var inJPEG: (x: UInt16, y: UInt16, unit: CInt)? {
    let result: (UInt32, UInt32, CInt)? =
      switch unit {
      case .aspect: scaled(by: 1, over: 1, limit: 0xFFFF).map { ($0, $1, 0) }
      case .inch: scaled(by: 1, over: 1, limit: 0xFFFF).map { ($0, $1, 1) }
      case .centimetre: scaled(by: 1, over: 1, limit: 0xFFFF).map { ($0, $1, 2) }
      // 72 dots an inch are 2,835 a metre, and come back as 72.
      case .metre: scaled(by: 254, over: 10_000, limit: 0xFFFF).map { ($0, $1, 1) }
      }
    return result.map { (UInt16($0), UInt16($1), $2) }
  }

  /// Multiplies x and y by a fraction, rounded; nil where one leaves 1…limit.
  private func scaled(
    by numerator: UInt64, over denominator: UInt64, limit: UInt64
  ) -> (UInt32, UInt32)? {
    let (x, y) = (
      (UInt64(x) * numerator + denominator / 2) / denominator,
      (UInt64(y) * numerator + denominator / 2) / denominator
    )
    guard (1...limit).contains(x), (1...limit).contains(y) else { return nil }
    return (UInt32(x), UInt32(y))
  }
}
