import Glibc

/// The light that a sample stands for: 1 for white, more where a picture is HDR.
enum TransferFunction: Hashable, Sendable {
  /// (a·v + b)^g from d on, c·v below (ICC's parametric curve 3).
  case parametric(g: Double, a: Double, b: Double, c: Double, d: Double)
  /// SMPTE ST 2084; white is 203 cd/m² (BT.2408).
  case perceptualQuantizer
  /// BT.2100's HLG, as a screen without HDR shows it, which it is made for: with sRGB's curve.
  case hybridLogGamma

  static func power(_ exponent: Double) -> Self { .parametric(g: exponent, a: 1, b: 0, c: 0, d: 0) }

  static let linear = power(1)
  static let sRGB = parametric(
    g: 2.4, a: 1 / 1.055, b: 0.055 / 1.055, c: 1 / 12.92, d: 0.04045)

  /// H.273's transfer characteristics by number; nil for what isn't said or can't be undone.
  init?(codePoint: UInt8) {
    switch codePoint {
    case 1, 6, 14, 15:
      self = .parametric(g: 1 / 0.45, a: 1 / 1.099, b: 0.099 / 1.099, c: 1 / 4.5, d: 0.081)
    case 4: self = .power(2.2)
    case 5: self = .power(2.8)
    case 7:
      self = .parametric(g: 1 / 0.45, a: 1 / 1.1115, b: 0.1115 / 1.1115, c: 0.25, d: 0.0912)
    case 8: self = .linear
    case 13: self = .sRGB
    case 16: self = .perceptualQuantizer
    case 18: self = .hybridLogGamma
    default: return nil
    }
  }

  /// The function's numbers; for HDR those of what stands for it without.
  var curve: [Double] {
    switch self {
    case .parametric(let g, let a, let b, let c, let d): [g, a, b, c, d]
    case .perceptualQuantizer, .hybridLogGamma: Self.sRGB.curve
    }
  }

  /// The light for a sample of 0…1.
  func light(_ sample: Double) -> Double {
    switch self {
    case .parametric(let g, let a, let b, let c, let d):
      return sample >= d ? pow(a * sample + b, g) : c * sample
    case .hybridLogGamma:
      return Self.sRGB.light(sample)
    case .perceptualQuantizer:
      let (m1, m2) = (2610.0 / 16_384, 2523.0 / 32)
      let (c1, c2, c3) = (3424.0 / 4096, 2413.0 / 128, 2392.0 / 128)
      let root = pow(sample, 1 / m2)
      return 10_000 / 203 * pow(max(root - c1, 0) / (c2 - c3 * root), 1 / m1)
    }
  }
}
