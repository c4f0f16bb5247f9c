import Testing

@testable import ImageFiles

struct ConvertedRowsTests {
  @Test func eightBitsComeBackFromSixteen() throws {
    let image = Image(
      width: 16, height: 4, pixels: PixelFormat(hasAlpha: true),
      bytes: (0...255).map { UInt8($0) })
    let wide = ConvertedRows(ImageRows(image), depth: .sixteen)
    #expect(wide.info.pixels.depth == .sixteen)
    #expect(try Image(reading: ConvertedRows(wide, depth: .eight)) == image)
  }

  @Test func sixteenBitsAreRoundedToTheNearest() throws {
    // 65535/255 = 257: 128 is the last that is nearer to 0, 129 the first nearer to 1.
    let samples: [UInt16] = [0, 128, 129, 65_406, 65_407, 65_535]
    let image = Image(
      width: 2, height: 1, pixels: PixelFormat(depth: .sixteen),
      bytes: samples.flatMap { withUnsafeBytes(of: $0, Array.init) })
    let rows = ConvertedRows(ImageRows(image), depth: .eight)
    #expect(try Image(reading: rows).bytes == [0, 0, 1, 254, 255, 255])
  }

  @Test func theSameDepthIsPassedThrough() throws {
    let image = Image(width: 2, height: 1, pixels: PixelFormat(), bytes: [1, 2, 3, 4, 5, 6])
    #expect(try Image(reading: ConvertedRows(ImageRows(image), depth: .eight)) == image)
  }
}
