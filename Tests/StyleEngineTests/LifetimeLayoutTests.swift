import TestSupport
import Testing

@testable import StyleEngine

@Suite struct LifetimeLayoutTests {
  private func layout(_ blocks: (Int, ClosedRange<Int>)...) -> LifetimeLayout {
    LifetimeLayout(blocks.map { LifetimeLayout.Block(byteCount: $0.0, passes: $0.1) })
  }

  @Test func blocksThatNeverMeetShareTheirPlace() {
    let layout = layout((128, 0...1), (128, 2...3), (64, 0...3))
    #expect(layout.offsets == [0, 0, 128])
    #expect(layout.byteCount == 192)
  }

  @Test func gapsAreFilled() {
    // The third lives beside the first alone, and fits where the second was not yet.
    let layout = layout((256, 1...2), (128, 2...3), (64, 0...0), (64, 3...3))
    #expect(layout.offsets == [0, 256, 0, 0])
    #expect(layout.byteCount == 384)
  }

  @Test func nothingTakesNothing() {
    #expect(layout().byteCount == 0)
    #expect(layout((0, 0...9), (1, 0...0)).byteCount == 64)
  }

  @Test(arguments: 1...20)
  func blocksThatMeetNeverOverlap(_ seed: UInt64) {
    var samples = Samples(seed: seed)
    func random(_ limit: Float) -> Int { Int((samples.next() + 1) / 2 * limit) }
    let blocks = (0..<25).map { _ in
      let first = random(15)
      return LifetimeLayout.Block(byteCount: random(2000), passes: first...first + random(5))
    }
    let layout = LifetimeLayout(blocks)
    for (a, first) in blocks.enumerated() where first.byteCount > 0 {
      #expect(layout.offsets[a].isMultiple(of: LifetimeLayout.alignment))
      #expect(layout.offsets[a] + first.byteCount <= layout.byteCount)
      for (b, second) in blocks.enumerated().dropFirst(a + 1) where second.byteCount > 0 {
        guard first.passes.overlaps(second.passes) else { continue }
        let isApart =
          layout.offsets[a] + first.byteCount <= layout.offsets[b]
          || layout.offsets[b] + second.byteCount <= layout.offsets[a]
        #expect(isApart, "\(first) and \(second)")
      }
    }
    // No less than what is in use at the busiest time.
    let busiest =
      (0...20).map { pass in
        blocks.reduce(0) { $0 + ($1.passes.contains(pass) ? $1.byteCount : 0) }
      }.max() ?? 0
    #expect(layout.byteCount >= busiest)
  }
}
