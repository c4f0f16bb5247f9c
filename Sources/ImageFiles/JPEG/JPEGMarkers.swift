/// What a JPEG file says ahead of its first scan, besides what libjpeg needs to decode it.
struct JPEGMarkers {
  /// As the frame header claims.
  private(set) var width = 0, height = 0
  /// The TIFF structure of the first APP1 segment that holds EXIF.
  private(set) var exif: [UInt8]?

  /// Walks the marker segments as libjpeg does: bytes before a marker are passed over.
  ///
  /// - Throws: `ImageFileError.unreadable`, and `.unsupported` for kinds of JPEG that libjpeg would
  ///   refuse in other words. Broken structure ends the walk and is left for libjpeg to put in words.
  init(walking file: SourceFile) throws(ImageFileError) {
    var offset = 2
    while let marker = try Self.nextMarker(in: file, from: &offset) {
      switch marker {
      case 0x01, 0xD0...0xD7: continue  // TEM and RSTn stand alone
      case 0xD8, 0xD9, 0xDA: return  // SOI, EOI, SOS
      default: break
      }
      let lengthBytes = Array(try file.bytes(at: offset, count: 2))
      guard lengthBytes.count == 2 else { return }
      let length = Int(lengthBytes[0]) << 8 | Int(lengthBytes[1])
      guard length >= 2 else { return }
      try take(marker, at: offset + 2, count: length - 2, from: file)
      offset += length
    }
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
      let frame = Array(try file.bytes(at: offset, count: 5))
      guard frame.count == 5 else { return }
      if frame[0] != 8 { throw .unsupported(.jpegDepth(bits: Int(frame[0]))) }
      height = Int(frame[1]) << 8 | Int(frame[2])
      width = Int(frame[3]) << 8 | Int(frame[4])
    case 0xE1:
      let bytes = try file.bytes(at: offset, count: count)
      if exif == nil, bytes.starts(with: EXIF.header) {
        exif = Array(bytes.dropFirst(EXIF.header.count))
      }
    default: return
    }
  }
}
