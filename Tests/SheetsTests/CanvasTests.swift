import ImageFiles
import Testing

@testable import Sheets

@Suite struct CanvasTests {
  private let paper = Canvas.Color(250, 240, 230)
  private let ink = Canvas.Color(10, 20, 30)

  @Test func newCanvasHasOneColor() {
    let image = Canvas(width: 3, height: 2, color: paper).image
    #expect(image.pixels == PixelFormat())
    #expect(image.bytes == Array(repeatElement([250, 240, 230], count: 6).joined()))
  }

  @Test func fillingCoversTheRectangleAlone() {
    var canvas = Canvas(width: 7, height: 6, color: paper)
    canvas.fill(Rectangle(x: 2, y: 1, width: 3, height: 4), ink)
    for y in 0..<6 {
      for x in 0..<7 {
        let inside = (2..<5).contains(x) && (1..<5).contains(y)
        #expect(canvas.image.color(x, y) == (inside ? ink : paper))
      }
    }
  }

  /// What lies across a border looks as it does on a larger canvas.
  @Test(arguments: [(-7, -5), (-3, 4), (11, -2), (14, 9), (-60, 3), (5, 50), (60, 60)])
  func drawingIsClippedAtTheBorders(x: Int, y: Int) {
    let picture = Image(
      width: 5, height: 3, pixels: PixelFormat(), bytes: (0..<45).map { UInt8($0 * 5) })
    func drawn(width: Int, height: Int, dx: Int, dy: Int) -> Image {
      var canvas = Canvas(width: width, height: height, color: paper)
      canvas.fill(Rectangle(x: x + dx, y: y + dy, width: 6, height: 9), ink)
      canvas.draw(picture, x: x + dx + 2, y: y + dy + 1, scale: 2)
      canvas.draw("Sg", StrokeFont(size: 14), x: Double(x + dx), baseline: y + dy, color: ink)
      let from = SIMD2(Double(x + dx), Double(y + dy))
      canvas.draw([[from, from + SIMD2(9, -7)]], width: 1.5, color: ink)
      return canvas.image
    }
    let small = drawn(width: 16, height: 12, dx: 0, dy: 0)
    let large = drawn(width: 216, height: 212, dx: 100, dy: 100)
    for row in 0..<12 {
      let cut = large.row(row + 100).dropFirst(3 * 100).prefix(3 * 16)
      #expect(small.row(row).elementsEqual(cut))
    }
  }

  /// 255 − a·(255 − c)/255 for alpha a and colour c.
  @Test func alphaIsLaidOverWhite() {
    let bytes: [UInt8] = [9, 99, 199, 255, 9, 99, 199, 0, 9, 99, 199, 128]
    let picture = Image(
      width: 3, height: 1, pixels: PixelFormat(hasAlpha: true), bytes: bytes)
    var canvas = Canvas(width: 3, height: 1, color: ink)
    canvas.draw(picture, x: 0, y: 0)
    #expect(canvas.image.bytes == [9, 99, 199, 255, 255, 255, 132, 177, 227])
  }

  @Test func deepPictureIsDrawnWithEightBits() {
    let picture = Image.solid(2, 2, ink)
    var canvas = Canvas(width: 2, height: 2, color: paper)
    canvas.draw(picture.converted(to: .sixteen), x: 0, y: 0)
    #expect(canvas.image == picture)
  }

  @Test func scaleMakesSquaresOfPixels() {
    let picture = Image(width: 2, height: 1, pixels: PixelFormat(), bytes: [1, 2, 3, 4, 5, 6])
    var canvas = Canvas(width: 6, height: 3, color: paper)
    canvas.draw(picture, x: 0, y: 0, scale: 3)
    let row: [UInt8] = [1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6]
    #expect(canvas.image.bytes == row + row + row)
  }

  @Test(arguments: [(Canvas.Alignment.left, 0.0), (.center, 0.5), (.right, 1)])
  func textStandsAsItsAlignmentSays(alignment: Canvas.Alignment, share: Double) {
    let font = StrokeFont(size: 15)
    var canvas = Canvas(width: 100, height: 30, color: paper)
    canvas.draw("Ag", font, x: 50, baseline: 25, color: ink, alignment: alignment)
    var expected = Canvas(width: 100, height: 30, color: paper)
    let left = 50 - share * font.width(of: "Ag")
    expected.draw(
      font.strokes(of: "Ag", x: left, baseline: 25), width: font.strokeWidth, color: ink)
    #expect(canvas.image == expected.image)
  }
}
