/// The space that RGB samples are in, as a file says.
enum ColorSpace: Hashable, Sendable {
  case sRGB
  /// An ICC profile for RGB.
  case profile([UInt8])
  /// Primaries, and what light a sample stands for.
  case described(Chromaticities, TransferFunction)

  /// The space of Adobe RGB (1998), which EXIF can name.
  static let adobeRGB = ColorSpace.described(.adobeRGB, .power(563.0 / 256))

  /// Whether samples stand for more light than white.
  var isHDR: Bool {
    guard case .described(_, let transfer) = self else { return false }
    return transfer == .perceptualQuantizer || transfer == .hybridLogGamma
  }

  /// Whether 8 bits a sample hold too little of its shadows.
  var needsSixteenBits: Bool {
    guard case .described(_, let transfer) = self else {
      return Matrix.of(self).map { $0.light[0][32_768] > 0.45 } ?? false
    }
    return isHDR || transfer == .linear
  }

  /// Whether it takes little memory.
  var isSmall: Bool {
    if case .profile(let bytes) = self { bytes.count <= 1 << 20 } else { true }
  }

  /// An ICC profile for the same, or nil where none can say it.
  var iccProfile: [UInt8]? {
    switch self {
    case .sRGB: nil
    case .profile(let bytes): bytes
    case .described where isHDR: nil
    case .described(let chromaticities, let transfer):
      ICCProfile(
        chromaticities, transfer.curve, name: self == .adobeRGB ? "Adobe RGB (1998)" : "RGB")?
        .bytes
    }
  }

  /// The profile that Little CMS knows the space by.
  var littleCMSProfile: ICCProfile? {
    switch self {
    case .sRGB: .sRGB
    case .profile(let bytes): ICCProfile(bytes)
    case .described: iccProfile.flatMap { ICCProfile($0) }
    }
  }

  /// Light and primaries of a space.
  struct Matrix: Sendable {
    /// Red, green and blue light to XYZ of ICC's connection space, a row each.
    var rows: [Double]
    /// Light for 65,536 samples from 0 to 1, of red, green and blue.
    var light: [[Float]]

    static let sampleCount = 1 << 16

    /// A space that is nothing but a matrix and curves, or nil for others.
    static func of(_ space: ColorSpace) -> Matrix? {
      recent.value(for: space, kept: space.isSmall) { make(space) }
    }

    private static let recent = Recent<ColorSpace, Matrix>()

    private static func make(_ space: ColorSpace) -> Matrix? {
      switch space {
      case .sRGB: make(.described(.sRGB, .sRGB))
      case .profile(let bytes): ICCProfile(bytes)?.matrix(sampleCount: sampleCount)
      case .described(let chromaticities, let transfer):
        ICCProfile(chromaticities, TransferFunction.linear.curve, name: "RGB")?
          .matrix(sampleCount: 2)
          .map { matrix in
            let light = (0..<sampleCount).map {
              Float(transfer.light(Double($0) / Double(sampleCount - 1)))
            }
            return Matrix(rows: matrix.rows, light: [light, light, light])
          }
      }
    }
  }
}

/// x and y of white, red, green and blue.
struct Chromaticities: Hashable, Sendable {
  var values: [Double]

  static let sRGB = rec709(0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
  static let adobeRGB = rec709(0.64, 0.33, 0.21, 0.71, 0.15, 0.06)

  /// Primaries whose white is D65.
  private static func rec709(_ primaries: Double...) -> Self {
    Chromaticities(values: [0.3127, 0.3290] + primaries)
  }

  /// Whether these are sRGB's, to what three digits tell.
  var isSRGB: Bool {
    zip(values, Self.sRGB.values).allSatisfy { abs($0 - $1) < 0.0015 }
  }

  /// H.273's primaries by number; nil for those of no RGB, and for what isn't said.
  init?(codePoint: UInt8) {
    let d65 = [0.3127, 0.3290]
    let c = [0.310, 0.316]
    switch codePoint {
    case 1: self = .sRGB
    case 4: values = c + [0.67, 0.33, 0.21, 0.71, 0.14, 0.08]
    case 5: values = d65 + [0.64, 0.33, 0.29, 0.60, 0.15, 0.06]
    case 6, 7: values = d65 + [0.630, 0.340, 0.310, 0.595, 0.155, 0.070]
    case 8: values = c + [0.681, 0.319, 0.243, 0.692, 0.145, 0.049]
    case 9: values = d65 + [0.708, 0.292, 0.170, 0.797, 0.131, 0.046]
    case 11: values = [0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060]
    case 12: values = d65 + [0.680, 0.320, 0.265, 0.690, 0.150, 0.060]
    case 22: values = d65 + [0.630, 0.340, 0.295, 0.605, 0.155, 0.077]
    default: return nil
    }
  }

  init(values: [Double]) { self.values = values }
}
