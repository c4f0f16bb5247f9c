import TestSupport
import Testing

@testable import ImageFiles

/// Files of other kinds under a picture's name, by the beginnings that their specifications give.
struct OtherFormatTests {
  private static func box(_ brands: String...) -> [UInt8] {
    [0, 0, 0, UInt8(8 + 4 * (brands.count + 1))] + Array("ftyp".utf8)
      + Array(brands[0].utf8) + [0, 0, 0, 0] + brands.dropFirst().flatMap { Array($0.utf8) }
  }

  private static func text(_ words: String) -> [UInt8] { Array(words.utf8) }

  private static let beginnings: [(OtherFormat, [UInt8])] = [
    (.webP, text("RIFF") + [0x24, 0, 0, 0] + text("WEBPVP8 ")),
    (.gif, text("GIF89a") + [1, 0, 1, 0]),
    (.gif, text("GIF87a") + [1, 0, 1, 0]),
    (.tiff, text("II*\0") + [8, 0, 0, 0]),
    (.tiff, text("MM\0*") + [0, 0, 0, 8]),
    (.tiff, text("II+\0") + [8, 0, 0, 0]),
    (.bmp, text("BM") + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]),
    (.heic, box("heic", "mif1", "heic")),
    (.heic, box("mif1", "heix")),
    (.avif, box("avif", "mif1", "miaf")),
    (.avif, box("mif1", "avif")),
    (.jpegXL, [0xFF, 0x0A, 0x08]),
    (.jpegXL, [0, 0, 0, 12] + text("JXL ") + [0x0D, 0x0A, 0x87, 0x0A]),
    (.jpeg2000, [0, 0, 0, 12] + text("jP  ") + [0x0D, 0x0A, 0x87, 0x0A]),
    (.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51, 0, 0x2F]),
    (.svg, text("<svg xmlns='http://www.w3.org/2000/svg'/>")),
    (.svg, text("\u{FEFF}<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>")),
    (.html, text("\n<!DOCTYPE html><title>404</title>")),
    (.html, text("<HTML><body>moved</body></HTML>")),
    (.pdf, text("%PDF-1.7\n")),
    (.photoshop, text("8BPS") + [0, 1]),
    (.text, text("a.jpg\nb.jpg\n")),
    // Cut off within a character.
    (.text, text("\n" + String(repeating: "a", count: 510) + "é.jpg")),
    (.applePNG, ImageFormat.pngSignature + [0, 0, 0, 4] + text("CgBI") + [0x50, 0, 0x20, 2]),
  ]

  @Test(arguments: beginnings) func isNamed(_ format: OtherFormat, _ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("photo.jpg", holding: bytes)
    #expect(throws: ImageFileError.otherFormat(format)) { try ImageFile.open(path) }
  }

  @Test func everyFormatHasABeginning() {
    for format in OtherFormat.allCases {
      #expect(Self.beginnings.contains { $0.0 == format }, "\(format)")
    }
  }

  @Test(arguments: [
    text("BM is how a text may begin"), text("<p>words</p>"), text("RIFF....WAVE"), [0xE9, 0x0A],
    text("a\0\n"),
    box("isom", "mp42"), [0, 0, 0xFF, 0xFF] + text("ftyp"), text("II"),
  ])
  func othersArent(_ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("photo.png", holding: bytes)
    #expect(throws: ImageFileError.unknownFormat(Array(bytes.prefix(8)))) {
      try ImageFile.open(path)
    }
  }
}
