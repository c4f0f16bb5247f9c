import Testing

@testable import ImageFiles

struct PixelDensityTests {
  @Test(arguments: [1, 72, 96, 150, 300, 600, 1200, 65535] as [UInt32])
  func dotsAnInchComeBack(_ dots: UInt32) throws {
    let inches = try #require(PixelDensity(x: dots, y: dots, unit: .inch))
    let (x, y, unit) = try #require(inches.inPNG)
    #expect(unit == 1)
    let metres = try #require(PixelDensity(x: x, y: y, unit: .metre))
    let back = try #require(metres.inJPEG)
    #expect(back.x == UInt16(dots) && back.y == UInt16(dots) && back.unit == 1)
  }

  @Test func theUsualOneIs2835() throws {
    #expect(try #require(PixelDensity(x: 72, y: 72, unit: .inch)?.inPNG).x == 2835)
    #expect(try #require(PixelDensity(x: 28, y: 28, unit: .centimetre)?.inPNG).x == 2800)
  }

  @Test func whatMeansNothingIsNone() {
    #expect(PixelDensity(x: 0, y: 1, unit: .inch) == nil)
    #expect(PixelDensity(x: 70000, y: 1, unit: .aspect)?.inJPEG == nil)
    #expect(PixelDensity(x: 10, y: 10, unit: .metre)?.inJPEG == nil)
    #expect(PixelDensity(x: .max, y: 1, unit: .inch)?.inPNG == nil)
  }
}
