/// XMP packets: RDF in XML, changed only where it speaks of how pixels lie.
enum XMP {
  /// The bytes before a packet in JPEG's APP1.
  static let header = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  /// The keyword of the iTXt chunk that holds a packet.
  static let keyword = "XML:com.adobe.xmp"

  /// Gives a packet orientation 1, that size, and no thumbnails, wherever it names them; nil where
  /// there is no RDF in it.
  static func mended(_ packet: [UInt8], width: Int, height: Int) -> [UInt8]? {
    guard packet.firstRange(of: Array("RDF".utf8), from: 0) != nil else { return nil }
    var result = packet
    for (name, value) in [
      ("tiff:Orientation", 1), ("tiff:ImageWidth", width), ("tiff:ImageLength", height),
      ("exif:PixelXDimension", width), ("exif:PixelYDimension", height),
    ] {
      setNumber(Array(name.utf8), to: value, in: &result)
    }
    for prefix in ["xmp", "xap"] {
      remove(
        from: Array("<\(prefix):Thumbnails".utf8), through: Array("</\(prefix):Thumbnails>".utf8),
        in: &result)
    }
    return result
  }

  /// Replaces the digits in `name="6"` and `<name>6</name>`.
  private static func setNumber(_ name: [UInt8], to value: Int, in packet: inout [UInt8]) {
    let digits = Array(String(value).utf8)
    let passedOver = Array(" \t\r\n=\"'>".utf8)
    var start = 0
    while let found = packet.firstRange(of: name, from: start) {
      let first = packet[found.upperBound...].firstIndex { !passedOver.contains($0) }
      let old = packet[(first ?? packet.endIndex)...].prefix { (0x30...0x39).contains($0) }
      packet.replaceSubrange(old.startIndex..<old.endIndex, with: old.isEmpty ? [] : digits)
      start = found.upperBound
    }
  }

  private static func remove(
    from opening: [UInt8], through closing: [UInt8], in packet: inout [UInt8]
  ) {
    while let start = packet.firstRange(of: opening, from: 0),
      let end = packet.firstRange(of: closing, from: start.upperBound)
    {
      packet.removeSubrange(start.lowerBound..<end.upperBound)
    }
  }
}

extension [UInt8] {
  /// Finds where `pattern`, which is not empty, first stands at or behind `start`.
  fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Range<Int>? {
    var at = start
    while let candidate = self[at...].firstIndex(of: pattern[0]) {
      let end = candidate + pattern.count
      guard end <= count else { return nil }
      if self[candidate..<end].elementsEqual(pattern) { return candidate..<end }
      at = candidate + 1
    }
    return nil
  }
}
