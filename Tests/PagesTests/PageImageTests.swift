import ImageFiles
import Testing

@testable import Pages

@Suite struct PageImageTests {
  @Test(arguments: [
    PixelFormat(), PixelFormat(hasAlpha: true), PixelFormat(depth: .sixteen),
    PixelFormat(hasAlpha: true, depth: .sixteen),
  ]) func everyPictureBecomesAJPEG(_ pixels: PixelFormat) throws {
    let bytes = [UInt8](repeating: 200, count: 3 * pixels.bytesPerRow(width: 5))
    let image = Image(width: 5, height: 3, pixels: pixels, bytes: bytes)
    let encoded = try PageImage(encoding: image)
    #expect((encoded.format, encoded.width, encoded.height) == (.jpeg, 5, 3))
    #expect(encoded.bytes.starts(with: [0xFF, 0xD8, 0xFF]))
  }

  @Test func qualityDecidesItsSize() throws {
    let bytes = (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 >> 4) }
    let image = Image(width: 64, height: 64, pixels: PixelFormat(), bytes: bytes)
    let sizes = try [20, 78, 95].map { try PageImage(encoding: image, quality: $0).bytes.count }
    #expect(sizes == sizes.sorted())
  }
}
