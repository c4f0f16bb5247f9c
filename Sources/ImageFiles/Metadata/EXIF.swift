/// EXIF: a TIFF structure of directories with tagged entries (EXIF 2.3, TIFF 6.0).
///
/// Every offset and count in it is checked, as they come from a file.
enum EXIF {
  /// The bytes before the structure in JPEG's APP1, and, against the rules, in some eXIf chunks.
  static let header: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", 0, 0
  /// The largest that is carried; in a JPEG file a segment holds 64 KB of it.
  static let maximumBytes = 1 << 20

  /// The orientation that the first directory has, or nil where it has none in 1…8.
  static func orientation(of bytes: [UInt8]) -> Orientation? {
    guard let structure = TIFFStructure(bytes) else { return nil }
    return structure.entry(0x0112, inDirectoryAt: structure.firstDirectory)
      .flatMap(structure.integer)
      .flatMap(Orientation.init)
  }

  /// The structure with orientation 1 where it has one; as it is where it is broken.
  static func upright(_ bytes: [UInt8]) -> [UInt8] {
    guard var structure = TIFFStructure(bytes) else { return bytes }
    structure.setInteger(0x0112, inDirectoryAt: structure.firstDirectory, to: 1)
    return structure.bytes
  }

  /// Whether it says that samples are Adobe RGB: by DCF's interoperability R03, or by the number that
  /// some cameras give for it.
  static func saysAdobeRGB(_ bytes: [UInt8]) -> Bool {
    guard let structure = TIFFStructure(bytes),
      let details = structure.directory(0x8769, inDirectoryAt: structure.firstDirectory)
    else { return false }
    let space = structure.entry(0xA001, inDirectoryAt: details).flatMap(structure.integer)
    if let space, space != 0xFFFF { return space == 2 }
    return structure.directory(0xA005, inDirectoryAt: details)
      .flatMap { structure.entry(1, inDirectoryAt: $0) }
      .map { structure.inlineBytes($0).starts(with: Array("R03".utf8)) } ?? false
  }

  /// The structure for a picture that stands upright and has another size: with orientation 1,
  /// that size wherever it names one, no thumbnail, and no entry that points into nothing. All the
  /// rest stays where it is, as makers' notes hold offsets of their own.
  ///
  /// - Parameter notes: Gets a remark where something is left out.
  /// - Returns: The mended structure; nil where `bytes` are no TIFF structure.
  static func mended(
    _ bytes: [UInt8], _ change: PictureChange, notes: inout [ImageNote]
  ) -> [UInt8]? {
    let (width, height) = (change.after.width, change.after.height)
    guard var structure = TIFFStructure(bytes) else {
      notes.append(.dropped("EXIF", "it has no TIFF header"))
      return nil
    }
    let first = structure.firstDirectory
    guard let broken = removeBrokenEntries(from: &structure) else {
      notes.append(.dropped("EXIF", "it is cut short"))
      return nil
    }
    if broken > 0 { notes.append(.dropped("\(broken) entries of EXIF", "they are broken")) }
    structure.setInteger(0x0112, inDirectoryAt: first, to: 1)
    structure.setInteger(0x0100, inDirectoryAt: first, to: width)
    structure.setInteger(0x0101, inDirectoryAt: first, to: height)
    if let details = structure.directory(0x8769, inDirectoryAt: first) {
      structure.setInteger(0xA002, inDirectoryAt: details, to: width)
      structure.setInteger(0xA003, inDirectoryAt: details, to: height)
      if change.isTurned || change.isScaled {
        // SubjectArea and SubjectLocation.
        let isFound = [0x9214, 0xA214].map { structure.removeEntry($0, inDirectoryAt: details) }
        if isFound.contains(true) {
          notes.append(.dropped("subject area in EXIF", change.reason))
        }
      }
      if let exchange = structure.directory(0xA005, inDirectoryAt: details) {
        structure.setInteger(0x1001, inDirectoryAt: exchange, to: width)
        structure.setInteger(0x1002, inDirectoryAt: exchange, to: height)
      }
    }
    if removeThumbnail(from: &structure) {
      notes.append(.outdated("thumbnail in EXIF", "it shows the picture as it was"))
    }
    return structure.bytes
  }

  /// Counts the entries that it takes out of the directories of the picture, of details and of the
  /// place; nil where the first is cut short.
  private static func removeBrokenEntries(from structure: inout TIFFStructure) -> Int? {
    let first = structure.firstDirectory
    let pointers: Set = [0x8769, 0x8825, 0xA005]
    guard var sum = structure.removeBrokenEntries(inDirectoryAt: first, pointers: pointers)
    else { return nil }
    for tag in [0x8769, 0x8825] {
      guard let directory = structure.directory(tag, inDirectoryAt: first) else { continue }
      sum += structure.removeBrokenEntries(inDirectoryAt: directory, pointers: pointers) ?? 0
    }
    return sum
  }

  /// Unlinks the second directory, which describes the thumbnail, and blanks the thumbnail itself.
  ///
  /// - Returns: Whether there was one.
  private static func removeThumbnail(from structure: inout TIFFStructure) -> Bool {
    guard let second = structure.unlinkDirectory(after: structure.firstDirectory)
    else { return false }
    guard
      let offset = structure.entry(0x0201, inDirectoryAt: second).flatMap(structure.integer),
      let count = structure.entry(0x0202, inDirectoryAt: second).flatMap(structure.integer),
      // Where it stands before its directory, a lie could hit what is still needed.
      offset > second
    else { return true }
    structure.erase(offset..<offset + count)
    return true
  }
}
