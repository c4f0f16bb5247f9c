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
    for text in texts {
      if let comment = text.inJPEG {
        segments.append((0xFE, comment))
      } else {
        notes.append(.dropped("text", "it is too long for a JPEG file"))
      }
    }
    return segments
  }
}

private func pieces(of bytes: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
  stride(from: 0, to: bytes.count, by: size).map { bytes[$0...].prefix(size) }
}
