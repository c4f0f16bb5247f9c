import Testing

@testable import Sheets

@Suite struct CoverageTests {
  private let clip = Rectangle(x: 0, y: 0, width: 20, height: 10)

  @Test func lineAlongAPixelRowCoversThatRowAlone() {
    let coverage = Coverage(of: [[[4, 3.5], [9, 3.5]]], width: 1, clip: clip)
    #expect((1...5).map { value(coverage, x: 6, y: $0) } == [0, 0, 1, 0, 0])
    // The round end: half of the pixel beyond is left out.
    #expect((8...10).map { value(coverage, x: $0, y: 3) } == [1, 0.5, 0])
  }

  @Test func lineBetweenRowsCoversHalfOfBoth() {
    let coverage = Coverage(of: [[[4, 3], [9, 3]]], width: 1, clip: clip)
    #expect((1...4).map { value(coverage, x: 6, y: $0) } == [0, 0.5, 0.5, 0])
  }

  @Test func whereStrokesCrossCountsOnce() {
    let across: [SIMD2<Double>] = [[2, 5], [9, 5]]
    let once = Coverage(of: [across], width: 1, clip: clip)
    #expect(Coverage(of: [across, across], width: 1, clip: clip).values == once.values)
  }

  @Test func onePointIsADiscOfThePensWidth() {
    let coverage = Coverage(of: [[[10, 5]]], width: 6, clip: clip)
    let area = coverage.values.reduce(0, +)
    #expect(abs(area - 9 * .pi) < 0.5)
  }

  @Test func nothingOutsideTheClipIsLookedAt() {
    let strokes: [[SIMD2<Double>]] = [[[-1e6, 5], [1e6, 5]]]
    #expect(Coverage(of: strokes, width: 2, clip: clip).bounds.width == 20)
    let above: [[SIMD2<Double>]] = [[[3, -9], [8, -9]]]
    #expect(Coverage(of: above, width: 2, clip: clip).values.isEmpty)
    #expect(Coverage(of: [], width: 2, clip: clip).values.isEmpty)
  }

  private func value(_ coverage: Coverage, x: Int, y: Int) -> Float {
    let bounds = coverage.bounds
    guard bounds.columns.contains(x), bounds.rows.contains(y) else { return 0 }
    return coverage.values[(y - bounds.y) * bounds.width + x - bounds.x]
  }
}
