extension ImageMetadata {
  /// The kind of samples that a file stores.
  enum StoredSamples {
    case rgb, gray, cmyk
  }

  /// Whether 8 bits a sample hold too little of the shadows: in linear light, and in HDR.
  public var needsSixteenBits: Bool { colorSpace.needsSixteenBits }

  /// The space of a file's samples, as RGB: cICP counts before a profile, this before sRGB, gAMA and
  /// cHRM (PNG, third edition, 4.3), and all before EXIF.
  var colorSpace: ColorSpace {
    if let cicp, case .space(let space) = ColorSpace.named(cicp) { return space }
    if let iccProfile { return .profile(iccProfile) }
    if srgbIntent != nil { return .sRGB }
    if let gamma { return ColorSpace(gamma: gamma, chromaticities: chromaticities) }
    if let exif, EXIF.saysAdobeRGB(exif) { return .adobeRGB }
    return .sRGB
  }

  /// Takes care that the profile is one of RGB that colours can be brought into sRGB with: made into
  /// one, where it is for gray, and else left out with a remark.
  ///
  /// - Returns: The way from a file's CMYK into sRGB, whose profile the metadata have no longer.
  mutating func resolveProfile(
    for samples: StoredSamples, notes: inout [ImageNote]
  ) -> TableTransform? {
    noteCodePoints(&notes)
    guard let bytes = iccProfile else { return nil }
    var isUnusable: Bool {
      iccProfile.map { ColorTransform.between(.profile($0), .sRGB, PixelFormat()) == nil } ?? true
    }
    iccProfile = nil
    func drop(_ reason: String) { notes.append(.dropped("ICC profile", reason)) }
    guard let trimmed = ICCProfile.trimmed(bytes), let profile = ICCProfile(trimmed) else {
      drop("it is broken")
      return nil
    }
    switch (profile.space, samples) {
    case ("RGB", .rgb), ("RGB", .gray):
      iccProfile = trimmed
    case ("GRAY", .gray):
      iccProfile = profile.rgbOfGray?.bytes
      notes.append(.changed("ICC profile of gray", "made one of RGB, as the output is RGB"))
    case ("CMYK", .cmyk):
      let inks = ICCProfile.sRGB.flatMap { TableTransform(from: profile, to: $0, PixelFormat()) }
      if inks == nil {
        drop("it is broken")
      } else {
        notes.append(.changed("ICC profile of CMYK", "applied, as the output is RGB"))
      }
      return inks
    default:
      drop("it is for \(profile.space) colours, and the picture has \(samples.name)")
      return nil
    }
    if isUnusable {
      iccProfile = nil
      drop("it is broken")
    }
    return nil
  }

  private func noteCodePoints(_ notes: inout [ImageNote]) {
    if let cicp, case .unknown(let reason) = ColorSpace.named(cicp) {
      notes.append(.changed("cICP", "carried, but not applied: \(reason)"))
    }
  }

  /// The space of an output, and what tells of it in a file of `format`.
  ///
  /// - Parameter samples: The colours of the rows that will be written.
  mutating func fitColors(
    format: ImageFormat, _ samples: SampleColors, policy: MetadataPolicy, notes: inout [ImageNote]
  ) -> ColorSpace {
    let own = colorSpace
    let isEXIF = own == .adobeRGB && gamma == nil && cicp == nil
    // Both would be a contradiction or a repetition; the profile says more.
    if iccProfile != nil { srgbIntent = nil }
    guard own != .sRGB else {
      // A profile that cICP overrules would count in a file that can't have cICP.
      if format == .jpeg { iccProfile = nil }
      return own
    }
    let reason: String? =
      if own.isHDR, format == .jpeg {
        "JPEG can't say that it is HDR"
      } else if samples == .sRGB, ColorTransform.between(.sRGB, own, PixelFormat()) == nil {
        "the ICC profile has no way back"
      } else {
        nil
      }
    if let reason {
      notes.append(.changed("colours", "written in sRGB: \(reason)"))
      (iccProfile, gamma, chromaticities, cicp) = (nil, nil, nil, nil)
      (masteringDisplay, contentLight) = (nil, nil)
      return .sRGB
    }
    if samples == .sRGB, case .described(_, .perceptualQuantizer) = own {
      notes.append(.changed("HDR", "highlights brighter than white, 203 cd/m², are cut"))
    }
    if format == .jpeg ? !isEXIF || policy == .strip : isEXIF {
      iccProfile = own.iccProfile
    }
    return own
  }
}

extension ImageMetadata.StoredSamples {
  var name: String {
    switch self {
    case .rgb: "RGB"
    case .gray: "gray"
    case .cmyk: "CMYK"
    }
  }
}

extension ColorSpace {
  /// The meaning of a cICP chunk.
  enum Named {
    case space(ColorSpace)
    case unknown(String)
  }

  /// Reads primaries, transfer, matrix and range (H.273).
  static func named(_ cicp: [UInt8]) -> Named {
    guard cicp.count == 4, cicp[2] == 0 else { return .unknown("it isn't for RGB") }
    guard cicp[3] == 1 else { return .unknown("it isn't for samples of full range") }
    guard let chromaticities = Chromaticities(codePoint: cicp[0]) else {
      return .unknown("it names primaries \(cicp[0])")
    }
    guard let transfer = TransferFunction(codePoint: cicp[1]) else {
      return .unknown("it names transfer characteristics \(cicp[1])")
    }
    let isSRGB = chromaticities.isSRGB && transfer == .sRGB
    return .space(isSRGB ? .sRGB : .described(chromaticities, transfer))
  }

  /// Reads PNG's gAMA and cHRM; gamma alone that is near sRGB's means it, as does one of no screen.
  init(gamma: UInt32, chromaticities: [UInt32]?) {
    let primaries = chromaticities.map { Chromaticities(values: $0.map { Double($0) / 100_000 }) }
    let isSRGB = primaries?.isSRGB ?? true
    let isAbsurd = !(10_000...1_000_000).contains(gamma)
    if isAbsurd || isSRGB && (45_000...46_000).contains(gamma) {
      self = .sRGB
    } else {
      self = .described(
        isSRGB ? .sRGB : primaries ?? .sRGB,
        gamma == 100_000 ? .linear : .power(100_000 / Double(gamma)))
    }
  }
}
