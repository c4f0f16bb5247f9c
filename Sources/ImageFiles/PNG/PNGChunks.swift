import CImageCodecs

/// The contents of a PNG file besides its pixels, found by walking the headers of all its chunks:
/// EXIF and texts may stand behind the pixels, too.
///
/// Memory is taken for chunks of interest only, and in bounds; libpng never sees those. What breaks
/// a rule is left out with a note, as none of it matters to the pixels.
struct PNGChunks {
  /// The size that IHDR claims.
  private(set) var width = 0, height = 0
  private(set) var samples = ImageMetadata.StoredSamples.rgb
  private(set) var metadata = ImageMetadata()
  private(set) var notes: [ImageNote] = []

  private var seen: Set<String> = []
  private var rawProfiles: [RawProfile.Kind: [UInt8]] = [:]
  private var textBytes = 0
  private var expandedTextBytes = 0
  private var carriedBytes = 0
  private var hasMoreText = false
  private var hasMoreNotes = false

  /// The most that all texts of a file may take, as stored, and how many there may be.
  private static let maximumTextBytes = 1 << 22
  private static let maximumTexts = 1000

  /// The most that a text may have that is changed on its way, and so is held expanded.
  private static let maximumHeldBytes = 1 << 22
  /// The most remarks that are made of a file: each chunk may have a name of its own.
  private static let maximumNotes = 100
  /// Chunks about samples, palettes and times.
  private static let outdated: Set = ["sBIT", "bKGD", "hIST", "tIME", "sPLT"]
  /// The most that chunks which nothing here knows may take together.
  private static let maximumCarriedBytes = 1 << 20

  /// - Throws: `ImageFileError.unreadable`. Broken structure ends the walk and is left for libpng to
  ///   put in words.
  init(walking file: SourceFile) throws(ImageFileError) {
    var offset = ImageFormat.pngSignature.count
    while true {
      let header = try file.bytes(at: offset, count: 8)
      guard header.count == 8, let length = header.span.integer(at: 0, size: 4) else { break }
      let name = String(decoding: header.suffix(4), as: UTF8.self)
      guard length <= 0x7FFF_FFFF, name != "IEND" else { break }
      try take(name, at: offset + 8, count: length, from: file)
      offset += length + 12
    }
    takeRawProfiles()
    metadata.size = .init(width: width, height: height)
    if hasMoreText {
      drop(
        "text",
        "there are more than \(Self.maximumTexts) of them or \(Self.maximumTextBytes) bytes")
    }
    if hasMoreNotes {
      notes.append(
        .dropped(
          "chunks of further names", "there are more than \(Self.maximumNotes) remarks on others"))
    }
  }

  private mutating func take(
    _ name: String, at offset: Int, count: Int, from file: SourceFile
  ) throws(ImageFileError) {
    switch name {
    case "IDAT":
      seen.insert(name)
    case "IHDR" where count == 13:
      let data = try file.bytes(at: offset, count: 10)
      width = data.span.integer(at: 0, size: 4) ?? 0
      height = data.span.integer(at: 4, size: 4) ?? 0
      // Gray, or gray with alpha.
      if [0, 4].contains(data.span.integer(at: 9, size: 1)) { samples = .gray }
    case "acTL":
      seen.insert(name)
      let data = try file.bytes(at: offset, count: 4)
      if let frames = data.span.integer(at: 0, size: 4), frames > 1 {
        drop("animation", "the default image alone is used")
      } else {
        noteOutdated("animation", "it has one picture")
      }
    case "fcTL", "fdAT":
      if !seen.contains("acTL") { noteOutdated("animation", "its head is missing") }
    case "eXIf", "iCCP", "gAMA", "cHRM", "sRGB", "pHYs", "cICP", "mDCV", "cLLI":
      guard seen.insert(name).inserted else { return drop(name, "it is there twice") }
      guard name == "eXIf" || !seen.contains("IDAT") else {
        return drop(name, "it stands behind the pixels")
      }
      let maximum = name == "iCCP" ? ICCProfile.maximumBytes : EXIF.maximumBytes
      guard count <= maximum else { return drop(name, "it has \(count) bytes") }
      if let data = try checkedData(of: name, at: offset, count: count, from: file) {
        takeOnce(name, data)
      }
    case "tEXt", "zTXt", "iTXt":
      guard count <= Self.maximumTextBytes - textBytes, metadata.texts.count < Self.maximumTexts
      else {
        hasMoreText = true
        return
      }
      if let data = try checkedData(of: name, at: offset, count: count, from: file) {
        textBytes += count
        takeText(name, data)
      }
    default:
      try takeUnknown(name, at: offset, count: count, from: file)
    }
  }

  /// Takes a chunk that says of itself that it may be copied where the picture changes, by a small
  /// fourth letter.
  private mutating func takeUnknown(
    _ name: String, at offset: Int, count: Int, from file: SourceFile
  ) throws(ImageFileError) {
    let letters = Array(name.utf8)
    // Those that a picture can't be decoded without are the decoder's, as is a palette's alpha, and what
    // has no name at all.
    guard letters.count == 4, name.allSatisfy({ $0.isASCII && $0.isLetter }),
      letters[0] & 0x20 != 0, name != "tRNS"
    else { return }
    if Self.outdated.contains(name) {
      noteOutdated("chunk \(name)", "it is about the samples as they were")
    } else if letters[3] & 0x20 == 0 {
      drop("chunk \(name)", "it may be about the picture as it was")
    } else if count + CarriedPiece.besideBytes > Self.maximumCarriedBytes - carriedBytes {
      drop("chunk \(name)", "there are more than \(Self.maximumCarriedBytes) bytes of such")
    } else if let data = try checkedData(of: name, at: offset, count: count, from: file) {
      carriedBytes += count + CarriedPiece.besideBytes
      metadata.chunks.append(CarriedPiece(name: name, bytes: data))
    }
  }

  private mutating func takeOnce(_ name: String, _ data: [UInt8]) {
    func integer(_ offset: Int) -> UInt32 {
      data.span.integer(at: offset, size: 4).map(UInt32.init) ?? 0
    }
    switch name {
    case "eXIf": metadata.exif = data
    case "iCCP": takeProfile(data)
    case "gAMA" where data.count == 4 && (1...0x7FFF_FFFF).contains(integer(0)):
      metadata.gamma = integer(0)
    case "cHRM" where data.count == 32:
      let values = (0..<8).map { integer(4 * $0) }
      let arePossible = (0..<4).allSatisfy { point in
        let (x, y) = (values[2 * point], values[2 * point + 1])
        return x <= 100_000 && y <= 100_000 - x
      }
      guard arePossible, values[1] > 0 else { return drop(name, "it names colours that can't be") }
      metadata.chromaticities = values
    case "sRGB" where data.count == 1 && data[0] <= 3:
      metadata.srgbIntent = data[0]
    case "cICP" where data.count == 4: metadata.cicp = data
    case "mDCV" where data.count == 24: metadata.masteringDisplay = data
    case "cLLI" where data.count == 8: metadata.contentLight = data
    case "pHYs" where data.count == 9 && data[8] <= 1:
      metadata.density = PixelDensity(
        x: integer(0), y: integer(4), unit: data[8] == 1 ? .metre : .aspect)
    default: drop(name, "it is broken")
    }
  }

  /// Takes a name, a NUL, the method 0 and a zlib stream.
  private mutating func takeProfile(_ data: [UInt8]) {
    guard let end = data.firstIndex(of: 0), (1...79).contains(end), data.count > end + 1,
      data[end + 1] == 0
    else { return drop("iCCP", "it is broken") }
    metadata.iccProfile = Zlib.inflated(
      data[(end + 2)...], maximumBytes: ICCProfile.maximumBytes)
    if metadata.iccProfile == nil {
      drop("iCCP", "it is broken or has more than \(ICCProfile.maximumBytes) bytes")
    } else {
      metadata.iccProfileName = Array(data[..<end])
    }
  }

  private mutating func takeText(_ name: String, _ data: [UInt8]) {
    guard let text = PNGText(chunk: name, data) else { return drop(name, "it is broken") }
    // However many bombs there are, they are expanded so far together.
    let (count, isWhole) = text.expandedCount(
      maximumBytes: max(0, PNGText.maximumBytes - expandedTextBytes))
    expandedTextBytes += count
    guard isWhole else {
      return drop(name, "it is broken or has more than \(PNGText.maximumBytes) bytes")
    }
    if text.keyword == XMP.keyword, metadata.xmp == nil {
      metadata.xmp = text.utf8(maximumBytes: Self.maximumHeldBytes)
      if metadata.xmp == nil { drop("XMP", "it has more than \(Self.maximumHeldBytes) bytes") }
    } else if let kind = RawProfile.kind(keyword: text.keyword) {
      let held = text.utf8(maximumBytes: Self.maximumHeldBytes)
      guard let bytes = held.flatMap(RawProfile.bytes) else {
        return drop(
          "text \(text.keyword)", "it is broken or has more than \(Self.maximumHeldBytes) bytes")
      }
      noteOutdated("text \(text.keyword)", "such have a place of their own")
      rawProfiles[kind] = rawProfiles[kind] ?? bytes
    } else {
      metadata.texts.append(.png(chunk: name, data))
    }
  }

  /// Takes what ImageMagick put into texts where the file has it in no place of its own.
  private mutating func takeRawProfiles() {
    for kind in RawProfile.Kind.allCases {
      guard let bytes = rawProfiles[kind] else { continue }
      switch kind {
      case .exif:
        if bytes.starts(with: XMP.header) {
          metadata.xmp = metadata.xmp ?? Array(bytes.dropFirst(XMP.header.count))
        } else if metadata.exif == nil {
          takeRawEXIF(bytes)
        }
      case .xmp: metadata.xmp = metadata.xmp ?? bytes
      case .iptc:
        metadata.photoshop = PhotoshopResources.resources(ofRawProfile: bytes)
      case .icc:
        metadata.iccProfile = metadata.iccProfile ?? bytes
      }
    }
  }

  /// Viewers don't turn a picture by EXIF that stands in a text, and would once it stands in its place.
  private mutating func takeRawEXIF(_ bytes: [UInt8]) {
    let orientation = EXIF.orientation(of: bytes)
    metadata.exif = EXIF.upright(bytes)
    if let orientation, orientation != .upright {
      notes.append(
        .changed("orientation in a raw profile", "not applied, as viewers don't, and set to 1"))
    }
  }

  private mutating func noteOutdated(_ what: String, _ reason: String) {
    note(.outdated(what, reason))
  }

  private mutating func drop(_ name: String, _ reason: String) {
    note(.dropped(name, reason))
  }

  private mutating func note(_ note: ImageNote) {
    if notes.contains(note) { return }
    if notes.count < Self.maximumNotes { notes.append(note) } else { hasMoreNotes = true }
  }

  /// A chunk's data, or nil where its CRC is wrong, which libpng will say.
  private func checkedData(
    of name: String, at offset: Int, count: Int, from file: SourceFile
  ) throws(ImageFileError) -> [UInt8]? {
    let bytes = try file.bytes(at: offset - 4, count: count + 8)
    guard bytes.count == count + 8 else { return nil }
    let covered = bytes.dropLast(4)
    let crc = covered.withUnsafeBufferPointer {
      CImageCodecs_crc32(0, $0.baseAddress, $0.count)
    }
    return Int(crc) == bytes.span.integer(at: count + 4, size: 4)
      ? Array(covered.dropFirst(4)) : nil
  }
}
