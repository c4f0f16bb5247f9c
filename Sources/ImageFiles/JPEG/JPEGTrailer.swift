/// What stands in a JPEG file behind its picture, which no output has.
enum JPEGTrailer {
  /// A remark on the bytes from `end` on; nil where there are none.
  ///
  /// - Throws: `ImageFileError.unreadable`.
  static func note(of file: SourceFile, from end: Int) throws(ImageFileError) -> ImageNote? {
    let count = file.size - end
    guard count > 0 else { return nil }
    let start = try file.bytes(at: end, count: min(count, 64))
    let last = try file.bytes(at: end + count - min(count, 4), count: 4)
    let reason = "the output has the picture alone"
    if start.allSatisfy({ $0 == 0 || $0 == 0xFF }), count <= 1 << 16 {
      return .outdated("\(count) bytes of padding", reason)
    }
    let what =
      if start.starts(with: [0xFF, 0xD8]) {
        "further pictures (a gain map, a preview or a depth map)"
      } else if start.dropFirst(4).starts(with: Array("ftyp".utf8)) {
        "a film (a motion photo's)"
      } else if last.elementsEqual("SEFT".utf8) {
        "what a Samsung camera added (a motion photo's film among it, perhaps)"
      } else {
        "what stands behind the picture"
      }
    return .dropped("\(what), \(count) bytes", reason)
  }
}
