import Foundation
import SystemPackage
import Testing

@testable import ImageFiles

/// Every file below `Fixtures/refused`, by the error it must give.
struct RefusalTests {
  @Test(arguments: refusals) func refusesByPayload(
    _ name: String, _ expected: ImageFileError
  ) throws {
    #expect(throws: expected) {
      _ = try Image(reading: ImageFile.open(Fixture.path("refused/" + name)))
    }
  }

  @Test(arguments: refusals) func aFailedSourceFailsAgain(
    _ name: String, _ expected: ImageFileError
  ) throws {
    guard let source = try? ImageFile.open(Fixture.path("refused/" + name)) else { return }
    for _ in 0..<2 {
      #expect(throws: expected) { _ = try Image(reading: source) }
      var row = [UInt8](repeating: 0, count: source.info.bytesPerRow)
      if source.info.orientation == .upright {
        #expect(throws: expected) { try source.readRow(into: &row) }
      }
      try source.restart()
    }
  }

  @Test func everyRefusedFixtureIsInTheTable() throws {
    let names = try FileManager.default
      .contentsOfDirectory(atPath: Fixture.path("refused").string)
    #expect(Set(names) == Set(Self.refusals.map(\.0)))
  }

  static let refusals: [(String, ImageFileError)] = [
    ("empty.png", .empty),
    ("text.jpg", .otherFormat(.text)),
    ("gif.png", .otherFormat(.gif)),
    ("short.png", .unknownFormat([0x89, 0x50, 0x4E, 0x47, 0x0D])),

    ("signature_only.png", .damaged("the file ends too early")),
    ("truncated_in_IHDR.png", .damaged("the file ends too early")),
    ("truncated_in_IDAT.png", .damaged("the file ends too early")),
    ("truncated_in_IDAT_interlaced.png", .damaged("the file ends too early")),
    ("no_IEND.png", .damaged("the file ends too early")),
    ("no_IDAT.png", .damaged("IEND: out of place")),
    ("wrong_CRC_in_IHDR.png", .damaged("IHDR: CRC error")),
    ("wrong_CRC_in_IDAT.png", .damaged("IDAT: CRC error")),
    ("wrong_Adler_in_IDAT.png", .damaged("IDAT: incorrect data check")),
    ("too_few_rows.png", .damaged("Not enough image data")),
    ("bad_filter.png", .damaged("bad adaptive filter value")),
    ("unknown_critical_chunk.png", .damaged("ABCD: unhandled critical chunk")),
    ("palette_missing.png", .damaged("IDAT: Missing PLTE before IDAT")),
    ("bad_bit_depth.png", .damaged("Invalid IHDR data")),
    ("zero_width.png", .damaged("Invalid IHDR data")),
    ("zero_height.png", .damaged("Invalid IHDR data")),
    ("65501x1.png", .tooLong(width: 65501, height: 1, maximumSide: 65500)),
    ("1x65501.png", .tooLong(width: 1, height: 65501, maximumSide: 65500)),
    (
      "2147483647x2147483647.png",
      .tooLong(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF, maximumSide: 65500)
    ),
    ("4294967295x1.png", .tooLong(width: 0xFFFF_FFFF, height: 1, maximumSide: 65500)),
    (
      "20000x20000.png",
      .tooManyPixels(width: 20000, height: 20000, maximumPixels: 268_402_689)
    ),

    ("signature_only.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_in_header.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_before_scan.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_in_scan.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_progressive.jpg", .damaged("Premature end of JPEG file")),
    ("marker_in_scan.jpg", .damaged("Corrupt JPEG data: premature end of data segment")),
    ("bytes_zeroed_in_scan.jpg", .damaged("Corrupt JPEG data: premature end of data segment")),
    ("no_quantization_table.jpg", .damaged("Quantization table 0x00 was not defined")),
    ("zero_height.jpg", .damaged("Empty JPEG image (DNL not supported)")),
    ("lossless.jpg", .unsupported(.losslessJPEG)),
    ("lossless_arithmetic.jpg", .unsupported(.losslessJPEG)),
    ("hierarchical.jpg", .unsupported(.hierarchicalJPEG)),
    ("12_bits.jpg", .unsupported(.jpegDepth(bits: 12))),
    ("two_components.jpg", .unsupported(.jpegComponents(2))),
    ("103_scans.jpg", .tooManyScans(maximum: 100)),
    ("65535x65535.jpg", .tooLong(width: 65535, height: 65535, maximumSide: 65500)),
    (
      "20000x20000.jpg",
      .tooManyPixels(width: 20000, height: 20000, maximumPixels: 268_402_689)
    ),
  ]
}
