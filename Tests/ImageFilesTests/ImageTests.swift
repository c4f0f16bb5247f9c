import Testing

@testable import ImageFiles

struct ImageTests {
  @Test func rowsAreSlicesOfTheBytes() {
    var image = Image(width: 2, height: 2, pixels: PixelFormat(), bytes: Array(0..<12))
    #expect(image.bytesPerRow == 6)
    #expect(Array(image.row(1)) == Array(6..<12))
    #expect(image.withRow(1) { Array($0) } == Array(6..<12))
    image.withMutableRow(0) { $0[5] = 99 }
    #expect(image.bytes == [0, 1, 2, 3, 4, 99, 6, 7, 8, 9, 10, 11])
  }

  @Test func aRowOfSixteenBitsIsAlignedForThem() {
    let pixels = PixelFormat(depth: .sixteen)
    let image = Image(
      width: 3, height: 5, pixels: pixels, bytes: [UInt8](repeating: 1, count: 5 * 18))
    for y in 0..<5 {
      #expect(image.withRow(y) { Array($0.assumingMemoryBound(to: UInt16.self)) }.first == 257)
    }
  }
}
