import Testing

@testable import ImageFiles

@Suite struct LanczosTapsTests {
  @Test(arguments: [(47, 31), (20, 20), (7, 30), (1, 4), (300, 1)])
  func aWindowOfAllIsTheLine(_ source: Int, _ target: Int) {
    let line = LanczosTaps(sourceCount: source, targetCount: target)
    let window = LanczosTaps(
      sourceCount: source, window: 0..<Double(source), targetCount: target)
    #expect(window.ranges == line.ranges)
    #expect(window.weights == line.weights)
  }

  /// Two windows side by side, met within a sample: each looks beyond its end.
  @Test(arguments: [(47, 31, 17), (20, 30, 7), (300, 8, 4)])
  func windowsSideBySideAreTheLine(_ source: Int, _ target: Int, _ first: Int) {
    let line = LanczosTaps(sourceCount: source, targetCount: target)
    let middle = Double(source * first) / Double(target)
    let parts = [(0..<middle, first), (middle..<Double(source), target - first)].map {
      LanczosTaps(sourceCount: source, window: $0, targetCount: $1)
    }
    #expect(parts.flatMap(\.ranges) == line.ranges)
    #expect(parts.allSatisfy { $0.stride == line.stride })
    for (a, b) in zip(parts.flatMap(\.weights), line.weights) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func aWindowOfWholeSamplesAtTheirSizeIsThemselves() {
    let taps = LanczosTaps(sourceCount: 9, window: 3..<7, targetCount: 4)
    let line = (0..<9).map { SIMD4<Float>(repeating: Float($0 * $0)) }
    var target = [SIMD4<Float>](repeating: .zero, count: 4)
    taps.resize(line, into: &target)
    #expect(zip(target, line[3..<7]).allSatisfy { abs($0.x - $1.x) < 1e-5 })
  }

  /// A part of one sample, at either end, has no other to look at.
  @Test(arguments: [0..<0.1, 0.4..<0.6, 0.9..<1])
  func aPartOfASampleIsThatSample(_ window: Range<Double>) {
    let taps = LanczosTaps(sourceCount: 1, window: window, targetCount: 3)
    #expect(taps.ranges == [0..<1, 0..<1, 0..<1])
    #expect((0..<3).allSatisfy { taps.weights[$0 * taps.stride] == 1 })
  }
}
