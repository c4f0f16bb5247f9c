/// Photoshop's image resources, in which IPTC stands: "8BIM", a number, a name, and data, one after the
/// other.
enum PhotoshopResources {
  /// The bytes before them in JPEG's APP13.
  static let header = Array("Photoshop 3.0\0".utf8)

  /// The numbers of thumbnails, of old and of now.
  private static let thumbnails: Set = [1033, 1036]

  /// The resources without thumbnails; nil where they are broken.
  ///
  /// - Parameter notes: Gets a remark where there was a thumbnail.
  static func mended(_ bytes: [UInt8], notes: inout [ImageNote]) -> [UInt8]? {
    var kept: [UInt8] = []
    var start = 0
    while start < bytes.count {
      // Some writers end in a byte or two of padding.
      if bytes[start...].allSatisfy({ $0 == 0 }) { break }
      guard bytes[start...].starts(with: Array("8BIM".utf8)),
        let number = bytes.span.integer(at: start + 4, size: 2),
        let name = bytes.span.integer(at: start + 6, size: 1)
      else { return nil }
      // The name with its length, and the data, are padded to an even number.
      let size = start + 6 + (name + 2) / 2 * 2
      guard let count = bytes.span.integer(at: size, size: 4), count <= bytes.count - size - 4
      else { return nil }
      let end = min(size + 4 + (count + 1) / 2 * 2, bytes.count)
      if thumbnails.contains(number) {
        notes.append(.outdated("thumbnail of Photoshop", "it shows the picture as it was"))
      } else {
        kept += bytes[start..<end]
      }
      start = end
    }
    return kept
  }

  /// The resources that a raw profile holds: with JPEG's header, as they are, or IPTC alone.
  static func resources(ofRawProfile bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: header) { return Array(bytes.dropFirst(header.count)) }
    if bytes.starts(with: Array("8BIM".utf8)) { return bytes }
    let count = withUnsafeBytes(of: UInt32(clamping: bytes.count).bigEndian, Array.init)
    let padding: [UInt8] = bytes.count % 2 == 0 ? [] : [0]
    return Array("8BIM".utf8) + [4, 4, 0, 0] + count + bytes + padding
  }
}
