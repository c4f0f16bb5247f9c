import Testing

@testable import Sheets

@Suite struct StrokeFontGlyphsTests {
  private static let ascii = (33...126).map { Character(Unicode.Scalar(UInt8($0))) }
  private static let characters = ascii + Array("·×−–…√±γβµσ²")

  @Test(arguments: characters)
  func everyCharacterIsDrawnWithinItsBounds(character: Character) throws {
    let glyph = try #require(StrokeFont.glyphs[character])
    let points = glyph.strokes.joined()
    #expect(!points.isEmpty)
    // Half a pen of space at least, so that neighbours never touch.
    #expect(points.allSatisfy { ($0.x - 0.8) >= 0 && $0.x + 0.8 <= glyph.advance })
    #expect(points.allSatisfy { (-4.0...16.0).contains($0.y) })
  }

  /// By a whole pixel at least, in letters as small as a sheet's.
  @Test func everyCharacterLooksDifferent() {
    let font = StrokeFont(size: 12)
    let box = Rectangle(x: 0, y: -11, width: 12, height: 15)
    // The last is the box that stands for any other.
    let looks = (Self.characters + ["\u{7}"]).map { character in
      (character, drawn(String(character), font, in: box))
    }
    for (index, (character, look)) in looks.enumerated() {
      for (other, otherLook) in looks[..<index] {
        let difference = zip(look, otherLook).reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(difference >= 1, "\(character) and \(other)")
      }
    }
  }

  @Test func unknownCharactersAreBoxes() {
    #expect(StrokeFont.unknown.strokes.count == 1)
    #expect(StrokeFont.glyphs["\u{7}"] == nil)
  }

  @Test func spaceHasWidthAlone() {
    #expect(StrokeFont.glyphs[" "]?.strokes.isEmpty == true)
    #expect((StrokeFont.glyphs[" "]?.advance ?? 0) > 4)
  }

  @Test func figuresAreEquallyWide() {
    let widths = "0123456789".compactMap { StrokeFont.glyphs[$0]?.advance }
    #expect(widths.count == 10)
    #expect(widths.allSatisfy { abs($0 - widths[0]) < 1e-9 })
  }

  private func drawn(_ text: String, _ font: StrokeFont, in box: Rectangle) -> [Float] {
    let strokes = font.strokes(of: text, x: 0, baseline: 0)
    let coverage = Coverage(of: strokes, width: font.strokeWidth, clip: box)
    var values = [Float](repeating: 0, count: box.width * box.height)
    var covered = coverage.values.makeIterator()
    for y in coverage.bounds.rows {
      for x in coverage.bounds.columns {
        values[(y - box.y) * box.width + x - box.x] = covered.next() ?? .nan
      }
    }
    return values
  }
}
