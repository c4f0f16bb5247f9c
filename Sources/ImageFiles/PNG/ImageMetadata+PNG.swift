extension ImageMetadata {
  /// The chunks that carry it in a PNG file, in an order that its rules allow ahead of the pixels.
  ///
  /// - Parameter notes: Gets a remark for each thing that has no place there.
  /// - Throws: `ImageFileError.outOfMemory`.
  func pngChunks(notes: inout [ImageNote]) throws(ImageFileError) -> [CarriedPiece] {
    var pieces: [CarriedPiece] = []
    func add(_ name: String, _ bytes: [UInt8]) {
      pieces.append(CarriedPiece(name: name, bytes: bytes))
    }
    if let cicp { add("cICP", cicp) }
    if let masteringDisplay { add("mDCV", masteringDisplay) }
    if let contentLight { add("cLLI", contentLight) }
    if let iccProfile {
      let name = iccProfileName ?? Array("ICC profile".utf8)
      add("iCCP", name + [0, 0] + (try Zlib.deflated(iccProfile)))
    }
    if let srgbIntent { add("sRGB", [srgbIntent]) }
    if let gamma { add("gAMA", bigEndian(gamma)) }
    if let chromaticities { add("cHRM", chromaticities.flatMap(bigEndian)) }
    if let (x, y, unit) = density?.inPNG {
      add("pHYs", bigEndian(x) + bigEndian(y) + [unit])
    }
    if let exif { add("eXIf", exif) }
    if let xmp = wholeXMP(notes: &notes),
      let (name, bytes) = ImageText.unicode(XMP.keyword, xmp).inPNG
    {
      add(name, bytes)
    }
    if let photoshop, !photoshop.isEmpty {
      add("zTXt", try RawProfile.chunk(iptc: photoshop))
    }
    pieces += chunks
    for segment in segments {
      notes.append(.dropped(segment.title, "a PNG file has no place for it"))
    }
    for text in texts {
      if let (name, bytes) = text.inPNG { add(name, bytes) }
    }
    return pieces
  }

  /// The packet with what its extension says, as here is room for both.
  private func wholeXMP(notes: inout [ImageNote]) -> [UInt8]? {
    guard let xmp, let extendedXMP else { return xmp }
    var packet = XMPPacket(xmp)
    packet.remove(XMP.noteNamespace, "HasExtendedXMP")
    if let merged = packet.merged(with: extendedXMP) { return merged.bytes }
    notes.append(.dropped("extension of XMP", "it can't be put into one packet"))
    return packet.bytes
  }
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian, Array.init)
}
