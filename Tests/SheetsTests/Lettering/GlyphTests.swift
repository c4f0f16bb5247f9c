import Testing

@testable import Sheets

@Suite struct GlyphTests {
  /// Wherever the path was drawn, the glyph begins with the space on its left.
  @Test func spaceStandsOnBothSides() throws {
    let glyph = try #require(Glyph("1.5 2 M7 0 L7 14 L10 0".split(separator: " ")))
    #expect(glyph.strokes == [[[1.5, 0], [1.5, 14], [4.5, 0]]])
    #expect(glyph.advance == 6.5)
  }

  @Test(arguments: ["", "1 2", "1 M0 0 L1 1", "1 2 L1 1"])
  func anythingElseIsNoGlyph(line: String) {
    #expect(Glyph(line.split(separator: " "))?.advance == nil)
  }
}
