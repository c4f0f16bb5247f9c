import ImageFiles
import TestSupport
import Testing

@testable import Pages

@Suite struct PageThumbnailsTests {
  @Test func moreAreSmaller() {
    let sides = [0, 1, 2, 20, 21, 500, 501, 2000, 2001].map { PageThumbnails(pictures: $0).side }
    #expect(sides == [960, 960, 480, 480, 320, 320, 160, 160, 96])
  }

  /// Noise, which no quality keeps small, is at the lowest rather than refused.
  @Test func qualityFallsUntilOneFits() throws {
    var samples = Samples(seed: 3)
    let bytes = samples.array(3 * 96 * 96).map { UInt8(127.5 + 127 * $0) }
    let image = Image(width: 96, height: 96, pixels: PixelFormat(), bytes: bytes)
    let sizes = try [500, 2000, 1_000_000].map {
      try PageThumbnails(pictures: $0).encoded(image).bytes.count
    }
    #expect(sizes[0] == (try PageImage(encoding: image)).bytes.count)
    #expect(sizes[1] <= 6000 && sizes[1] < sizes[0])
    #expect(sizes[2] > 12 && sizes[2] <= sizes[1])
  }
}
