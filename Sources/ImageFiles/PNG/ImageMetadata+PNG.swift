extension ImageMetadata {
  /// The chunks that carry it in a PNG file, in an order that its rules allow ahead of the pixels.
  ///
  /// - Throws: `ImageFileError.outOfMemory`.
  func pngChunks() throws(ImageFileError) -> [(name: String, bytes: [UInt8])] {
    var chunks: [(name: String, bytes: [UInt8])] = []
    if let cicp { chunks.append(("cICP", cicp)) }
    if let masteringDisplay { chunks.append(("mDCV", masteringDisplay)) }
    if let contentLight { chunks.append(("cLLI", contentLight)) }
    if let iccProfile {
      chunks.append(("iCCP", Array("ICC profile\0\0".utf8) + (try Zlib.deflated(iccProfile))))
    }
    if let srgbIntent { chunks.append(("sRGB", [srgbIntent])) }
    if let gamma { chunks.append(("gAMA", bigEndian(gamma))) }
    if let chromaticities { chunks.append(("cHRM", chromaticities.flatMap(bigEndian))) }
    if let (x, y, unit) = density?.inPNG {
      chunks.append(("pHYs", bigEndian(x) + bigEndian(y) + [unit]))
    }
    if let exif { chunks.append(("eXIf", exif)) }
    if let xmp, let (name, bytes) = ImageText.unicode(XMP.keyword, xmp).inPNG {
      chunks.append((name, bytes))
    }
    for text in texts {
      if let (name, bytes) = text.inPNG { chunks.append((name, bytes)) }
    }
    return chunks
  }
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian, Array.init)
}
