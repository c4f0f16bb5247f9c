/// The contents of a JPEG file ahead of its first scan, besides what libjpeg needs to decode it.
struct JPEGMarkers {
  /// The size that the frame header claims.
  private(set) var width = 0, height = 0
  private(set) var samples = ImageMetadata.StoredSamples.rgb
  private(set) var metadata = ImageMetadata()
  private(set) var notes: [ImageNote] = []

  /// The pieces of an ICC profile by their number, and how many there are to be.
  private var profilePieces: [UInt8: [UInt8]] = [:]
  private var profileCount: UInt8 = 0
  private var extensionPieces: [Int: [UInt8]] = [:]
  private var extensionSize = 0
  private var extensionDigests: Set<[UInt8]> = []
  private var commentBytes = 0
  private var carriedBytes = 0

  /// The most that all comments of a file may take.
  private static let maximumCommentBytes = 1 << 20
  /// The most that segments which nothing here knows may take together, with XMP's extension and IPTC.
  private static let maximumCarriedBytes = 1 << 23
  private static let profileHeader = Array("ICC_PROFILE\0".utf8)

  /// Walks the marker segments as libjpeg does: bytes before a marker are passed over.
  ///
  /// - Throws: `ImageFileError.unreadable`, and `.unsupported` for kinds of JPEG that libjpeg would
  ///   refuse in other words. Broken structure ends the walk and is left for libjpeg to put in words.
  init(walking file: SourceFile) throws(ImageFileError) {
    var offset = 2
    walk: while let marker = try Self.nextMarker(in: file, from: &offset) {
      switch marker {
      case 0x01, 0xD0...0xD7: continue  // TEM and RSTn stand alone
      case 0xD8, 0xD9, 0xDA: break walk  // SOI, EOI, SOS
      default: break
      }
      let size = try file.bytes(at: offset, count: 2)
      guard let length = size.span.integer(at: 0, size: 2), length >= 2 else { break }
      try take(marker, at: offset + 2, count: length - 2, from: file)
      offset += length
    }
    assembleProfile()
    assembleExtension()
    metadata.size = .init(width: width, height: height)
  }

  private mutating func drop(_ what: String, _ reason: String) {
    let note = ImageNote.dropped(what, reason)
    if !notes.contains(note) { notes.append(note) }
  }

  /// Whether there is room for more bytes of what is carried; else that is said.
  private mutating func carries(_ what: String, _ size: Int) -> Bool {
    let count = size + CarriedPiece.besideBytes
    guard count <= Self.maximumCarriedBytes - carriedBytes else {
      drop(what, "there are more than \(Self.maximumCarriedBytes) bytes of such")
      return false
    }
    carriedBytes += count
    return true
  }

  /// Takes a digest, the size of all, an offset, and a piece of XMP's extension.
  private mutating func takeExtension(_ data: [UInt8]) {
    guard data.count > 40, let size = data.span.integer(at: 32, size: 4),
      let offset = data.span.integer(at: 36, size: 4), carries("extension of XMP", data.count)
    else { return }
    extensionDigests.insert(Array(data.prefix(32)))
    extensionSize = size
    extensionPieces[offset] = Array(data.dropFirst(40))
  }

  /// Puts the extension of XMP together, or takes out of the packet that there is one.
  private mutating func assembleExtension() {
    guard let xmp = metadata.xmp else {
      if extensionSize > 0 { drop("extension of XMP", "no XMP names it") }
      return
    }
    let digest = XMP.extensionDigest(of: xmp)
    if digest == nil, extensionSize == 0 { return }
    var bytes: [UInt8] = []
    while let piece = extensionPieces[bytes.count], bytes.count < extensionSize { bytes += piece }
    if let digest, extensionDigests == [digest], bytes.count == extensionSize {
      metadata.extendedXMP = bytes
      return
    }
    drop("extension of XMP", digest == nil ? "no XMP names it" : "it isn't all there")
    var packet = XMPPacket(xmp)
    packet.remove(XMP.noteNamespace, "HasExtendedXMP")
    metadata.xmp = packet.bytes
  }

  /// The code of the next marker, and `offset` behind it; nil at the end of the file.
  private static func nextMarker(
    in file: SourceFile, from offset: inout Int
  ) throws(ImageFileError) -> UInt8? {
    var isBehindFF = false
    while let byte = try file.bytes(at: offset, count: 1).first {
      offset += 1
      if byte == 0xFF {
        isBehindFF = true
      } else if isBehindFF, byte != 0 {
        return byte
      } else {
        isBehindFF = false
      }
    }
    return nil
  }

  private mutating func take(
    _ marker: UInt8, at offset: Int, count: Int, from file: SourceFile
  ) throws(ImageFileError) {
    switch marker {
    case 0xC3, 0xCB: throw .unsupported(.losslessJPEG)
    case 0xC5...0xC7, 0xCD...0xCF: throw .unsupported(.hierarchicalJPEG)
    case 0xC0...0xC2, 0xC9, 0xCA:
      let frame = try file.bytes(at: offset, count: 6)
      guard let bits = frame.span.integer(at: 0, size: 1),
        let height = frame.span.integer(at: 1, size: 2),
        let width = frame.span.integer(at: 3, size: 2)
      else { return }
      if bits != 8 { throw .unsupported(.jpegDepth(bits: bits)) }
      (self.width, self.height) = (width, height)
      switch frame.span.integer(at: 5, size: 1) {
      case 1: samples = .gray
      case 4: samples = .cmyk
      default: samples = .rgb
      }
    case 0xE0...0xEF, 0xFE:
      let data = try file.bytes(at: offset, count: count)
      if data.count == count { take(marker, data) }
    default: return
    }
  }

  private mutating func take(_ marker: UInt8, _ data: ArraySlice<UInt8>) {
    switch marker {
    case 0xE0 where data.starts(with: Array("JFIF\0".utf8)) && data.count >= 12:
      takeDensity(data)
    case 0xE1 where data.starts(with: EXIF.header):
      takeEXIF(Array(data.dropFirst(EXIF.header.count)))
    case 0xE0 where data.starts(with: Array("JFIF\0".utf8)):
      return
    case 0xE0 where data.starts(with: Array("JFXX\0".utf8)):
      notes.append(.outdated("thumbnail in JFXX", "it shows the picture as it was"))
    case 0xE1 where data.starts(with: XMP.header):
      let packet = Array(data.dropFirst(XMP.header.count))
      if let first = metadata.xmp, first != packet { dropSecond("XMP") }
      metadata.xmp = metadata.xmp ?? packet
    case 0xE1 where data.starts(with: XMP.extensionHeader):
      takeExtension(Array(data.dropFirst(XMP.extensionHeader.count)))
    case 0xE2 where data.starts(with: Self.profileHeader) && data.count >= 14:
      let rest = data.dropFirst(Self.profileHeader.count)
      let (number, count) = (rest[rest.startIndex], rest[rest.startIndex + 1])
      profileCount = max(profileCount, count)
      let piece = Array(rest.dropFirst(2))
      if let first = profilePieces[number], first != piece { dropSecond("ICC profile") }
      profilePieces[number] = profilePieces[number] ?? piece
    case 0xE2 where data.starts(with: Array("MPF\0".utf8)):
      drop("list of further pictures (MPF)", "the output has one picture")
    case 0xE2 where data.starts(with: Array("urn:iso:std:iso:ts:21496".utf8)):
      drop("gain map's parameters", "the output has no gain map")
    case 0xEB where data.starts(with: Array("JP".utf8)):
      drop("content credentials (JUMBF)", "they vouch for the file as it was")
    case 0xEC where data.starts(with: Array("Ducky".utf8)):
      notes.append(.outdated("quality in APP12", "it is about the file as it was saved"))
    case 0xED where data.starts(with: PhotoshopResources.header):
      guard carries("IPTC", data.count) else { return }
      metadata.photoshop =
        (metadata.photoshop ?? []) + data.dropFirst(PhotoshopResources.header.count)
    case 0xEE where data.starts(with: Array("Adobe".utf8)):
      return
    case 0xE0...0xEF:
      let piece = CarriedPiece(name: "APP\(marker - 0xE0)", bytes: Array(data))
      if carries(piece.title, data.count) { metadata.segments.append(piece) }
    case 0xFE:
      let count = data.count + CarriedPiece.besideBytes
      guard count <= Self.maximumCommentBytes - commentBytes else {
        return drop("text", "there are more than \(Self.maximumCommentBytes) bytes of such")
      }
      commentBytes += count
      metadata.texts.append(.jpeg(Array(data)))
    default: return
    }
  }

  /// A second segment goes on where the first was full, or else is a second EXIF, which doesn't count.
  private mutating func takeEXIF(_ data: [UInt8]) {
    guard let begun = metadata.exif else {
      metadata.exif = data
      return
    }
    if TIFFStructure(data) == nil, begun.count + data.count <= EXIF.maximumBytes {
      metadata.exif = begun + data
    } else if data != begun {
      dropSecond("EXIF")
    }
  }

  private mutating func dropSecond(_ what: String) {
    drop("second \(what)", "a picture has one, and readers take the first")
  }

  /// Takes a unit and two densities, behind a name and a version.
  private mutating func takeDensity(_ data: ArraySlice<UInt8>) {
    guard let unit = data.span.integer(at: 7, size: 1),
      let x = data.span.integer(at: 8, size: 2).map(UInt32.init),
      let y = data.span.integer(at: 10, size: 2).map(UInt32.init)
    else { return }
    switch unit {
    case 0 where x != y: metadata.density = PixelDensity(x: x, y: y, unit: .aspect)
    case 1: metadata.density = PixelDensity(x: x, y: y, unit: .inch)
    case 2: metadata.density = PixelDensity(x: x, y: y, unit: .centimetre)
    default: return
    }
  }

  private mutating func assembleProfile() {
    guard !profilePieces.isEmpty else { return }
    var profile: [UInt8] = []
    for number in 1...max(profileCount, 1) {
      guard let piece = profilePieces[number] else {
        notes.append(
          .dropped("ICC profile", "piece \(number) of \(profileCount) is missing"))
        return
      }
      profile += piece
    }
    metadata.iccProfile = profile
  }
}
