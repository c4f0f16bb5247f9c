extension ImageMetadata {
  /// The marker segments that carry it in a JPEG file, behind JFIF's. gAMA, cHRM and sRGB have no
  /// place there.
  ///
  /// - Parameter notes: Gets a remark for each thing too large for a segment.
  func jpegSegments(notes: inout [ImageNote]) -> [(code: CInt, bytes: [UInt8])] {
    let maximum = 65_533
    var segments: [(code: CInt, bytes: [UInt8])] = []
    if let exif {
      for piece in pieces(of: exif, size: maximum - EXIF.header.count) {
        segments.append((0xE1, EXIF.header + piece))
      }
    }
    if let xmp, XMP.header.count + xmp.count <= maximum {
      segments.append((0xE1, XMP.header + xmp))
      segments += extensionSegments(maximum: maximum)
    } else if let xmp {
      notes.append(.dropped("XMP", "it has \(xmp.count) bytes, too many for a JPEG file"))
    }
    if let iccProfile {
      let pieces = pieces(of: iccProfile, size: ICCProfile.maximumBytes / 255)
      for (index, piece) in pieces.enumerated() {
        let numbers = [UInt8(clamping: index + 1), UInt8(clamping: pieces.count)]
        segments.append((0xE2, Array("ICC_PROFILE\0".utf8) + numbers + piece))
      }
    }
    if let photoshop, !photoshop.isEmpty {
      for piece in pieces(of: photoshop, size: maximum - PhotoshopResources.header.count) {
        segments.append((0xED, PhotoshopResources.header + piece))
      }
    }
    for segment in self.segments {
      if let number = CInt(segment.name.dropFirst(3)) {
        segments.append((0xE0 + number, segment.bytes))
      }
    }
    for chunk in chunks {
      notes.append(.dropped("chunk \(chunk.name)", "a JPEG file has no place for it"))
    }
    for text in texts {
      if let comment = text.inJPEG {
        segments.append((0xFE, comment))
      } else {
        notes.append(.dropped("text", "it is too long for a JPEG file"))
      }
    }
    return segments
  }

  /// The packet's extension, each piece behind its digest, its whole size and its place.
  private func extensionSegments(maximum: Int) -> [(code: CInt, bytes: [UInt8])] {
    guard let extendedXMP, let digest = xmp.flatMap(XMP.extensionDigest) else { return [] }
    let head = XMP.extensionHeader + digest
    let size = maximum - head.count - 8
    return pieces(of: extendedXMP, size: size).map { piece in
      let numbers = [extendedXMP.count, piece.startIndex].flatMap {
        withUnsafeBytes(of: UInt32(clamping: $0).bigEndian, Array.init)
      }
      return (0xE1, head + numbers + piece)
    }
  }
}

extension CarriedPiece {
  /// The name, and what the bytes call themselves.
  var title: String {
    let letters = bytes.prefix { (0x20...0x7E).contains($0) }.prefix(32)
    return letters.isEmpty ? name : "\(name) (\(String(decoding: letters, as: UTF8.self)))"
  }
}

private func pieces(of bytes: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
  stride(from: 0, to: bytes.count, by: size).map { bytes[$0...].prefix(size) }
}
