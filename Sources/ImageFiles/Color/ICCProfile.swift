import CColorManagement

/// An ICC profile, in Little CMS's hands.
final class ICCProfile {
  /// The largest that is carried: what 255 segments of a JPEG file hold.
  static let maximumBytes = 255 * 65_519

  let pointer: OpaquePointer

  /// Reads a profile; nil where it is broken.
  convenience init?(_ bytes: [UInt8]) {
    guard bytes.count >= 128, bytes[36..<40].elementsEqual("acsp".utf8) else { return nil }
    let space = bytes[16..<20]
    let isPrintable = space.allSatisfy { (0x20...0x7E).contains($0) }
    let name = isPrintable ? String(decoding: space, as: UTF8.self) : "unknown"
    self.init(
      CColorManagement_Profile_open(bytes, bytes.count),
      space: name.split(separator: " ").joined())
  }

  /// Makes a profile of RGB.
  ///
  /// - Parameter curve: The five numbers of `TransferFunction.parametric`.
  convenience init?(_ chromaticities: Chromaticities, _ curve: [Double], name: String) {
    self.init(CColorManagement_Profile_create(chromaticities.values, curve, name))
  }

  private init?(_ pointer: OpaquePointer?, space: String = "RGB") {
    guard let pointer else { return nil }
    self.pointer = pointer
    self.space = space
  }

  deinit { CColorManagement_Profile_destroy(pointer) }

  static var sRGB: ICCProfile? { ICCProfile(.sRGB, TransferFunction.sRGB.curve, name: "sRGB") }

  /// The colours that it is for, as its header names them: RGB, GRAY, CMYK or others.
  let space: String

  /// RGB of which equal samples have the colour that this profile of gray gives to one.
  var rgbOfGray: ICCProfile? { ICCProfile(CColorManagement_Profile_createOfGray(pointer)) }

  /// The profile's file, or nil where there is no memory for it.
  var bytes: [UInt8]? {
    let count = CColorManagement_Profile_write(pointer, nil, 0)
    var bytes = [UInt8](repeating: 0, count: count)
    guard count > 0, CColorManagement_Profile_write(pointer, &bytes, count) == count
    else { return nil }
    return bytes
  }

  /// What the profile consists of, where that is nothing but a matrix and curves for RGB.
  func matrix(sampleCount: Int) -> ColorSpace.Matrix? {
    var rows = [Double](repeating: 0, count: 9)
    var light = [Float](repeating: 0, count: 3 * sampleCount)
    guard CColorManagement_Profile_readMatrix(pointer, &rows, &light, sampleCount),
      rows.allSatisfy(\.isFinite), light.allSatisfy(\.isFinite)
    else { return nil }
    return ColorSpace.Matrix(
      rows: rows, light: (0..<3).map { Array(light[$0 * sampleCount..<($0 + 1) * sampleCount]) })
  }

  /// The profile's bytes without what stands behind the size that it claims; nil where it isn't all
  /// there.
  static func trimmed(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= 128, bytes[36..<40].elementsEqual("acsp".utf8),
      let claimed = bytes.span.integer(at: 0, size: 4), (128...bytes.count).contains(claimed)
    else { return nil }
    return claimed == bytes.count ? bytes : Array(bytes.prefix(claimed))
  }
}
