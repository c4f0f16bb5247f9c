import CImageCodecs

/// What a PNG file says besides its pixels, found by walking the headers of all its chunks: EXIF
/// may stand behind the pixels, too.
///
/// Memory is taken for chunks of interest only, and in bounds; libpng never sees those.
struct PNGChunks {
  /// As IHDR claims.
  private(set) var width = 0, height = 0
  /// The TIFF structure of eXIf.
  private(set) var exif: [UInt8]?
  private(set) var notes: [ImageNote] = []

  /// The largest eXIf that is read; EXIF in a JPEG file has 64 KB at most.
  private static let maximumEXIF = 1 << 20

  /// - Throws: `ImageFileError.unreadable`. Broken structure ends the walk and is left for libpng to
  ///   put in words.
  init(walking file: SourceFile) throws(ImageFileError) {
    var offset = ImageFormat.pngSignature.count
    while true {
      let header = try file.bytes(at: offset, count: 8)
      guard header.count == 8 else { return }
      let length = bigEndian(header.prefix(4))
      let name = String(decoding: header.suffix(4), as: UTF8.self)
      guard length <= 0x7FFF_FFFF, name != "IEND" else { return }
      try take(name, at: offset + 8, count: length, from: file)
      offset += length + 12
    }
  }

  private mutating func take(
    _ name: String, at offset: Int, count: Int, from file: SourceFile
  ) throws(ImageFileError) {
    switch name {
    case "IHDR" where count == 13:
      let data = try file.bytes(at: offset, count: 8)
      guard data.count == 8 else { return }
      width = bigEndian(data.prefix(4))
      height = bigEndian(data.suffix(4))
    case "eXIf" where exif == nil && count <= Self.maximumEXIF:
      exif = try checkedData(of: name, at: offset, count: count, from: file)
    default:
      return
    }
  }

  /// A chunk's data, or nil with a note where its CRC is wrong.
  private mutating func checkedData(
    of name: String, at offset: Int, count: Int, from file: SourceFile
  ) throws(ImageFileError) -> [UInt8]? {
    let bytes = try file.bytes(at: offset - 4, count: count + 8)
    guard bytes.count == count + 8 else { return nil }
    let covered = bytes.dropLast(4)
    let crc = covered.withUnsafeBufferPointer {
      CImageCodecs_crc32(0, $0.baseAddress, $0.count)
    }
    guard Int(crc) == bigEndian(bytes.suffix(4)) else {
      notes.append(.harmless("\(name): CRC error"))
      return nil
    }
    return Array(covered.dropFirst(4))
  }
}

private func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
  bytes.reduce(0) { $0 << 8 | Int($1) }
}
