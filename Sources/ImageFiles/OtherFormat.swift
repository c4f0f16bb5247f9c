/// A kind of file that stands under a picture's name now and then, and isn't read here.
public enum OtherFormat: CaseIterable, Equatable, Sendable {
  case webP, gif, tiff, bmp, heic, avif, jpegXL, jpeg2000, svg, html, pdf, photoshop, applePNG, text

  /// The bytes of a file's beginning that tell.
  static let signatureBytes = 512

  /// The format of a file that begins with `bytes`, or nil where it is none of these.
  init?(signature bytes: some Collection<UInt8>) {
    let bytes = Array(bytes.prefix(Self.signatureBytes))
    func stands(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if bytes.starts(with: ImageFormat.pngSignature), stands("CgBI", at: 12) {
      self = .applePNG
    } else if stands("RIFF"), stands("WEBP", at: 8) {
      self = .webP
    } else if stands("GIF8") {
      self = .gif
    } else if stands("II*\0") || stands("MM\0*") || stands("II+\0") || stands("MM\0+") {
      self = .tiff
    } else if stands("BM"), bytes.count >= 18, bytes[14...17].dropFirst().allSatisfy({ $0 == 0 }) {
      self = .bmp  // A small number, its second header's length, follows fourteen bytes.
    } else if stands("8BPS") {
      self = .photoshop
    } else if stands("%PDF") {
      self = .pdf
    } else if stands("ftyp", at: 4), let brand = Self(brands: bytes) {
      self = brand
    } else if bytes.starts(with: [0xFF, 0x0A]) || stands("JXL ", at: 4) {
      self = .jpegXL
    } else if stands("jP  ", at: 4) || bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) {
      self = .jpeg2000
    } else if let markup = Self(markup: bytes) {
      self = markup
    } else if Self.isText(bytes) {
      self = .text
    } else {
      return nil
    }
  }

  /// Whether it reads as lines of text, of which the last may be cut off within a character.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    let isPrintable = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || 0x09...0x0D ~= $0 }
    guard isPrintable, bytes.contains(0x0A), let last = bytes.lastIndex(where: { $0 < 0x80 })
    else { return false }
    return String(validating: bytes[...last], as: UTF8.self) != nil
  }

  /// By the brands of an ISO media file: the major one, a version, and those that it goes with.
  private init?(brands bytes: [UInt8]) {
    let end = min(Int(bytes[2]) << 8 | Int(bytes[3]), bytes.count)
    let brands = stride(from: 8, to: end - 3, by: 4).map {
      String(decoding: bytes[$0..<$0 + 4], as: UTF8.self)
    }
    if brands.contains(where: { $0 == "avif" || $0 == "avis" }) {
      self = .avif
    } else if brands.contains(where: { $0.hasPrefix("hei") || $0.hasPrefix("hev") || $0 == "mif1" }
    ) {
      self = .heic
    } else {
      return nil
    }
  }

  /// By the first element, whatever declarations and comments stand ahead of it.
  private init?(markup bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    guard text.first(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) == "<" else { return nil }
    if text.contains("<svg") || text.contains("<!doctype svg") {
      self = .svg
    } else if text.contains("<html") || text.contains("<!doctype html") {
      self = .html
    } else {
      return nil
    }
  }
}

extension OtherFormat: CustomStringConvertible {
  /// What it is, and what to do.
  public var description: String {
    switch self {
    case .webP: "a WebP picture; \(Self.conversion)"
    case .gif: "a GIF picture; \(Self.conversion)"
    case .tiff: "a TIFF picture or a camera's raw one; \(Self.conversion)"
    case .bmp: "a BMP picture; \(Self.conversion)"
    case .heic: "a HEIC picture; convert it to JPEG first, by heif-convert for one"
    case .avif: "an AVIF picture; convert it to PNG first, by avifdec for one"
    case .jpegXL: "a JPEG XL picture; convert it to PNG first, by djxl for one"
    case .jpeg2000: "a JPEG 2000 picture; convert it to PNG first, by opj_decompress for one"
    case .svg: "an SVG drawing; render it to PNG first, by rsvg-convert for one"
    case .html: "a web page, as a download that failed leaves; get the picture anew"
    case .text: "text"
    case .pdf: "a PDF document; render it to PNG first, by pdftoppm -png for one"
    case .photoshop: "a Photoshop document; save it as PNG first"
    case .applePNG:
      "an iOS-optimized PNG (CgBI), which only Apple's programs read; restore it first, by pngdefry, or xcrun pngcrush -revert-iphone-optimizations"
    }
  }

  private static let conversion = "convert it to PNG first, by ImageMagick for one"
}
