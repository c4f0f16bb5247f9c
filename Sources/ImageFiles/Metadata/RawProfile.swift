/// A profile in hexadecimal digits in one of PNG's texts, ImageMagick's way: a line with its name, one
/// with its size, and lines of digits.
enum RawProfile {
  private static let keyword = "Raw profile type "

  /// The kinds that stand for something that files have a place for.
  enum Kind: CaseIterable {
    case exif, xmp, iptc, icc
  }

  /// The kind that a text's keyword names; nil for other texts.
  static func kind(keyword: String) -> Kind? {
    guard keyword.hasPrefix(Self.keyword) else { return nil }
    switch keyword.dropFirst(Self.keyword.count) {
    case "exif", "APP1": return .exif
    case "xmp": return .xmp
    case "iptc", "8bim", "APP13": return .iptc
    case "icc", "icm": return .icc
    default: return nil
    }
  }

  /// The bytes that a text holds; nil where it is broken.
  static func bytes(of text: [UInt8]) -> [UInt8]? {
    let lines = text.split(maxSplits: 2, whereSeparator: { $0 == 0x0A })
    guard lines.count == 3,
      let size = Int(String(decoding: lines[1].filter { $0 != 0x20 }, as: UTF8.self)),
      size > 0, size <= PNGText.maximumBytes
    else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(size, text.count / 2))
    var high: UInt8?
    for letter in lines[2] where letter != 0x0A && letter != 0x0D && letter != 0x20 {
      guard let digit = Character(Unicode.Scalar(letter)).hexDigitValue else { return nil }
      if let begun = high {
        bytes.append(begun << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    return bytes.count == size && high == nil ? bytes : nil
  }

  /// A zTXt chunk that holds Photoshop's resources, which IPTC is among.
  ///
  /// - Throws: `ImageFileError.outOfMemory`.
  static func chunk(iptc bytes: [UInt8]) throws(ImageFileError) -> [UInt8] {
    var text = Array("\niptc\n\(String(bytes.count).leftPadded(to: 8))\n".utf8)
    let digits = Array("0123456789abcdef".utf8)
    for (index, byte) in bytes.enumerated() {
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      if index % 36 == 35 { text.append(0x0A) }
    }
    text.append(0x0A)
    return Array("\(keyword)iptc\0\0".utf8) + (try Zlib.deflated(text))
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
