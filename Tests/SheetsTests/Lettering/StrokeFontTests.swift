import Testing

@testable import Sheets

@Suite struct StrokeFontTests {
  private let font = StrokeFont(size: 14)

  @Test func widthIsTheSumOfTheCharacters() {
    let (first, second) = ("Great wave", " · σ² = 0.5 é")
    let sum = font.width(of: first) + font.width(of: second)
    #expect(abs(font.width(of: first + second) - sum) < 1e-9)
    #expect(font.width(of: "") == 0)
  }

  @Test func everyCharacterMakesItWider() {
    let text = (32...126).map { String(Unicode.Scalar(UInt8($0))) }.joined()
    var width = 0.0
    for end in text.indices {
      let wider = font.width(of: String(text[...end]))
      #expect(wider > width)
      width = wider
    }
  }

  @Test func widthGoesWithTheSize() {
    let text = "Hamburgefonstiv"
    let ratio = StrokeFont(size: 35).width(of: text) / font.width(of: text)
    #expect(abs(ratio - 2.5) < 1e-9)
  }

  /// Whatever the size, letters stand on a whole pixel and rise to one.
  @Test(arguments: [9.0, 11, 12, 14, 15, 16, 20, 24, 33.3, 40])
  func lettersEndOnWholePixels(size: Double) {
    let font = StrokeFont(size: size)
    let clip = Rectangle(x: 0, y: 0, width: 200, height: 200)
    let strokes = font.strokes(of: "E", x: 0, baseline: 100)
    let coverage = Coverage(of: strokes, width: font.strokeWidth, clip: clip)
    let darkest = clip.rows.map { y -> Float in
      guard coverage.bounds.rows.contains(y) else { return 0 }
      let start = (y - coverage.bounds.y) * coverage.bounds.width
      return coverage.values[start..<start + coverage.bounds.width].max() ?? 0
    }
    let top = 100 - font.capHeight
    #expect(darkest[100] < 1e-3 && darkest[99] > 0.999)
    #expect(darkest[top - 1] < 1e-3 && darkest[top] > 0.999)
  }

  @Test func textIsItsCharactersOneBehindTheOther() {
    let whole = font.strokes(of: "So", x: 3, baseline: 20)
    let next = font.strokes(of: "o", x: 3 + font.width(of: "S"), baseline: 20)
    #expect(whole == font.strokes(of: "S", x: 3, baseline: 20) + next)
  }

  @Test func smallTextIsNoThinnerThanAPixel() {
    #expect(StrokeFont(size: 6).strokeWidth == 1)
    #expect(StrokeFont(size: 40).strokeWidth > 3)
  }
}
