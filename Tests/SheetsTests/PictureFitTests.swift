import Testing

@testable import Sheets

@Suite struct PictureFitTests {
  @Test(arguments: [
    // As wide as the cell, as high as it, and what fits as it is.
    (960, 640, 320, 213, 1), (640, 960, 284, 426, 1), (320, 426, 320, 426, 1),
    (300, 200, 300, 200, 1), (65, 20, 65, 20, 1),
    // Never without a side, never outside.
    (9000, 2, 320, 1, 1), (1, 9000, 1, 426, 1),
    // Tiny ones fill half a cell at most.
    (64, 64, 64, 64, 2), (16, 12, 16, 12, 10), (1, 64, 1, 64, 3), (1, 1, 1, 1, 160),
  ])
  func pictureFitsACellOf320(
    width: Int, height: Int, fitWidth: Int, fitHeight: Int, scale: Int
  ) {
    let fit = PictureFit(width: width, height: height, cellWidth: 320)
    #expect(fit.width == fitWidth)
    #expect(fit.height == fitHeight)
    #expect(fit.scale == scale)
  }

  @Test func whatFitsIsNotShrunkAgain() {
    for side in 1...500 {
      for cellWidth in [1, 3, 50, 320] {
        let once = PictureFit(width: side, height: 700 - side, cellWidth: cellWidth)
        let again = PictureFit(width: once.width, height: once.height, cellWidth: cellWidth)
        #expect(again == once)
      }
    }
  }
}
