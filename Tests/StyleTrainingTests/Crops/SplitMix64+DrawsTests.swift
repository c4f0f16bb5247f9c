import Tensors
import Testing

@testable import StyleTraining

@Suite struct SplitMix64DrawsTests {
  @Test func generatorsOfOtherSeedsPurposesAndNumbersDiffer() {
    var found: Set<UInt64> = []
    for seed in 0..<10 as Range<UInt64> {
      for purpose in [SplitMix64.Purpose.order, .crop] {
        for number in 0..<50 {
          var generator = SplitMix64(seed: seed, for: purpose, number)
          for _ in 0..<10 { found.insert(generator.next()) }
        }
      }
    }
    #expect(found.count == 10 * 2 * 50 * 10)
  }

  @Test func wholeNumbersAreEachAsLikely() {
    var generator = SplitMix64(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[generator.wholeNumber(in: -3...3) + 3] += 1 }
    // Five deviations of √(1000·6/7).
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
    #expect(generator.wholeNumber(in: 5...5) == 5)
  }

  @Test(arguments: [0, 0.3, 0.7, 1])
  func whatHappensDoesSoAsOftenAsSaid(_ probability: Double) {
    var generator = SplitMix64(seed: 2)
    let count = (0..<10_000).count { _ in generator.happens(probability) }
    let deviation = (10_000 * probability * (1 - probability)).squareRoot()
    #expect(abs(Double(count) - 10_000 * probability) <= 5 * deviation)
  }

  /// By this program, after PictureOrderTests' first lines, to last.
  ///
  ///     g = of(7, 1, 0)
  ///     print([sum(g.next().to_bytes(8, "little")) - 1020 for _ in range(4)])
  @Test func bellsLast() {
    var generator = SplitMix64(seed: 7, for: .crop, 0)
    for sum in [26, -199, -46, 388] as [Float] {
      #expect(abs(generator.bell() - sum / 209.0223) < 1e-6)
    }
  }

  /// Shares beyond one, two and three deviations are Gauss's.
  @Test func theBellIsGausss() {
    var generator = SplitMix64(seed: 3)
    let count = 200_000
    let values = (0..<count).map { _ in Double(generator.bell()) }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(count) - mean * mean
    #expect(abs(mean) < 5 / Double(count).squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / Double(count)).squareRoot())
    for (limit, share) in [(1.0, 0.3173), (2, 0.0455), (3, 0.0027)] {
      let found = Double(values.count { abs($0) > limit }) / Double(count)
      #expect(abs(found - share) < 0.006 && found > share / 2)
    }
  }
}
