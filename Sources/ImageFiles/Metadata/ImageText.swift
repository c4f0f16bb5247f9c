/// A remark in a file: one of PNG's text chunks or one of JPEG's comments.
public enum ImageText: Equatable, Sendable {
  /// A tEXt, zTXt or iTXt chunk's data, valid.
  case png(chunk: String, [UInt8])
  /// A COM segment's data.
  case jpeg([UInt8])

  /// PNG's tEXt; `text` is Latin-1.
  static func latin(_ keyword: String, _ text: [UInt8]) -> ImageText {
    .png(chunk: "tEXt", Array(keyword.utf8) + [0] + text)
  }

  /// PNG's iTXt, not compressed, of no language.
  static func unicode(_ keyword: String, _ text: [UInt8]) -> ImageText {
    .png(chunk: "iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + text)
  }

  /// Bytes of the chunk or segment.
  var byteCount: Int {
    switch self {
    case .png(_, let bytes), .jpeg(let bytes): bytes.count
    }
  }

  /// The text as a PNG chunk; nil where a comment is empty.
  var inPNG: (chunk: String, bytes: [UInt8])? {
    switch self {
    case .png(let chunk, let bytes): return (chunk, bytes)
    case .jpeg(let comment):
      // Comments often end in a NUL, which PNG's text may not hold.
      let text = Array(comment.prefix { $0 != 0 })
      guard !text.isEmpty else { return nil }
      let isUTF8 = String(validating: text, as: UTF8.self) != nil
      return (isUTF8 ? Self.unicode("Comment", text) : Self.latin("Comment", text)).inPNG
    }
  }

  /// The text as a JPEG comment, "Keyword: text" in UTF-8; nil where it is too long.
  var inJPEG: [UInt8]? {
    let comment: [UInt8]?
    switch self {
    case .jpeg(let bytes): comment = bytes
    case .png(let chunk, let bytes):
      guard let text = PNGText(chunk: chunk, bytes) else { return nil }
      let named = text.keyword == "Comment" ? "" : text.keyword + ": "
      comment = text.utf8(maximumBytes: 65_533).map { Array(named.utf8) + $0 }
    }
    return comment.flatMap { $0.count <= 65_533 ? $0 : nil }
  }
}

extension [ImageText] {
  /// Adds who made the file, once: what says the same in another way gives place.
  mutating func note(software: String) {
    let comment = [UInt8]("Software: \(software)".utf8)
    removeAll { $0.inJPEG == comment }
    append(.unicode("Software", [UInt8](software.utf8)))
  }
}
