import Testing

@testable import ImageFiles

struct ImageTests {
  @Test func rowsAreSlicesOfTheBytes() {
    let image = Image(width: 2, height: 2, pixels: PixelFormat(), bytes: Array(0..<12))
    #expect(image.bytesPerRow == 6)
    #expect(Array(image.row(1)) == Array(6..<12))
  }
}
