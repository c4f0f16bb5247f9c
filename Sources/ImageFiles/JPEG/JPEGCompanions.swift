/// The further pictures of a JPEG file behind its own: a gain map, a preview (CIPA DC-007, MPF).
enum JPEGCompanions {
  private static let header = Array("MPF\0".utf8)
  /// The tag of the list of pictures: 16 bytes each, with the size and the place behind the header
  /// among them.
  private static let list = 0xB002

  /// Tells how far behind its beginning the data of an APP2 segment says that the pictures reach; nil
  /// where it is about other things, or broken.
  static func reach(_ data: ArraySlice<UInt8>) -> Int? {
    guard data.starts(with: header), let structure = TIFFStructure(Array(data.dropFirst(4))),
      let list = structure.entry(list, inDirectoryAt: structure.firstDirectory)
    else { return nil }
    func integer(_ offset: Int) -> Int? {
      structure.bytes.span.integer(
        at: offset, size: 4, isLittleEndian: structure.isLittleEndian)
    }
    guard let start = integer(list.valueOffset) else { return nil }
    let end = min(start + list.count, structure.bytes.count)
    let ends = stride(from: start, to: end, by: 16).compactMap { entry -> Int? in
      // The file's own picture is at 0.
      guard let size = integer(entry + 4), let place = integer(entry + 8), place > 0 else {
        return nil
      }
      return place + size
    }
    return ends.max().map { header.count + $0 }
  }
}
