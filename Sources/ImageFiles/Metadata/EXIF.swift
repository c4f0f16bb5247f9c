/// EXIF: a TIFF structure of directories with tagged entries (EXIF 2.3, TIFF 6.0).
///
/// Every offset and count in it is checked, as they come from a file.
enum EXIF {
  /// What stands before the structure in JPEG's APP1, and, against the rules, in some eXIf chunks.
  static let header: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", 0, 0

  /// The orientation that the first directory has, or nil where it has none in 1…8.
  static func orientation(of bytes: [UInt8]) -> Orientation? {
    guard let structure = TIFFStructure(bytes) else { return nil }
    return structure.entry(0x0112, inDirectoryAt: structure.firstDirectory)
      .flatMap(structure.integer)
      .flatMap(Orientation.init)
  }
}
