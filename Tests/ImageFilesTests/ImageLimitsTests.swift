import Testing

@testable import ImageFiles

struct ImageLimitsTests {
  @Test func theDefaultsAreTheDocumentedOnes() {
    #expect(ImageLimits().maximumPixels == 16383 * 16383)
    #expect(ImageLimits().maximumSide == 65500)
  }

  @Test func boundsAreInclusive() throws {
    let limits = ImageLimits(maximumPixels: 12, maximumSide: 6)
    try limits.check(width: 6, height: 2)
    try limits.check(width: 3, height: 4)
    #expect(throws: ImageFileError.tooLong(width: 7, height: 1, maximumSide: 6)) {
      try limits.check(width: 7, height: 1)
    }
    #expect(throws: ImageFileError.tooManyPixels(width: 4, height: 4, maximumPixels: 12)) {
      try limits.check(width: 4, height: 4)
    }
  }

  @Test func aProductThatOverflowsIsTooMany() {
    let limits = ImageLimits(maximumPixels: .max, maximumSide: .max)
    let side = 1 << 40
    #expect(throws: ImageFileError.tooManyPixels(width: side, height: side, maximumPixels: .max)) {
      try limits.check(width: side, height: side)
    }
  }
}
