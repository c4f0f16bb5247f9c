import Testing

@testable import Sheets

@Suite struct GlyphPathTests {
  @Test func linesGoFromPointToPoint() {
    let path = GlyphPath(words("M1 2 L3 4 L5 -6.5 M7 8"))
    #expect(path?.strokes == [[[1, 2], [3, 4], [5, -6.5]], [[7, 8]]])
  }

  /// A quarter leaves and arrives along the axes and bulges beyond the chord.
  @Test(arguments: [("E", SIMD2(1.0, 0.0)), ("N", SIMD2(0.0, 1.0))])
  func quarterSetsOutWhereItsLetterSays(letter: String, direction: SIMD2<Double>) throws {
    let quarter = try #require(GlyphPath(words("M0 0 \(letter)10 10"))?.strokes.first)
    #expect(quarter.first == [0, 0])
    #expect(quarter.last == [10, 10])
    let (start, end) = (quarter[1], quarter[quarter.count - 2])
    #expect((start * direction).sum() > 5 * (start * (1 - direction)).sum())
    let left = 10 - end
    #expect((left * (1 - direction)).sum() > 5 * (left * direction).sum())
    // The middle of a circle's quarter is at 0.707 of its radius from the centre.
    let middle = quarter[quarter.count / 2] * direction
    #expect(abs(middle.sum() - 7.07) < 0.2)
  }

  @Test func curveIsABezierCurve() throws {
    let curve = try #require(GlyphPath(words("M0 0 C0 8 8 8 8 0"))?.strokes.first)
    #expect(curve[curve.count / 2] == [4, 6])
  }

  @Test func dotIsAStrokeOfItsOwn() throws {
    let strokes = try #require(GlyphPath(words("M0 0 L1 1 D5 6"))?.strokes)
    #expect(strokes.count == 2)
    #expect(strokes[1].allSatisfy { abs($0.x - 5) < 1 && abs($0.y - 6) < 1 })
  }

  @Test(arguments: [
    "1 2", "M1", "M1 2 3", "M1 2 3 4", "L1 2", "M1 2 C1 2 3 4", "M1 2 Z1 2", "M1 two", "M1 2 L",
  ])
  func anythingElseIsNoPath(path: String) {
    #expect(GlyphPath(words(path))?.strokes == nil)
  }

  private func words(_ path: String) -> [Substring] { path.split(separator: " ") }
}
