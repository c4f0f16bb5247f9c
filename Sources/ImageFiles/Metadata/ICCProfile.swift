/// The header of an ICC profile (ICC.1:2010, 7.2).
enum ICCProfile {
  /// The largest that is carried: what 255 segments of a JPEG file hold.
  static let maximumBytes = 255 * 65_519

  /// Tells why a profile can't go with RGB pixels, or gives nil where it can.
  static func misfit(of profile: [UInt8]) -> String? {
    guard profile.count >= 128, profile[36..<40].elementsEqual("acsp".utf8),
      let claimed = profile.span.integer(at: 0, size: 4)
    else { return "it is broken" }
    guard claimed == profile.count else {
      return "it has \(profile.count) bytes, but claims \(claimed)"
    }
    let space = profile[16..<20]
    guard space.elementsEqual("RGB ".utf8) else {
      let isPrintable = space.allSatisfy { (0x20...0x7E).contains($0) }
      let name = isPrintable ? String(decoding: space, as: UTF8.self) : "unknown"
      return "it is for \(name.split(separator: " ").joined()) colours, and the output is RGB"
    }
    return nil
  }
}
