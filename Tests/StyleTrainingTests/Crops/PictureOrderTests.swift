import Testing

@testable import StyleTraining

@Suite struct PictureOrderTests {
  /// By this program, to last: a training may go on with a later version.
  ///
  ///     M = (1 << 64) - 1
  ///     class S:
  ///         def __init__(s, seed): s.s = seed
  ///         def next(s):
  ///             s.s = z = (s.s + 0x9E3779B97F4A7C15) & M
  ///             z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
  ///             z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
  ///             return z ^ (z >> 31)
  ///     def of(seed, *numbers):
  ///         g = S(seed)
  ///         for n in numbers: g = S(g.next() ^ n)
  ///         return S(g.next())
  ///     def order(n, seed, epoch):
  ///         g, o = of(seed, 0, epoch), list(range(n))
  ///         for i in range(n - 1, 0, -1):
  ///             j = g.next() * (i + 1) >> 64
  ///             o[i], o[j] = o[j], o[i]
  ///         return o
  ///     print(order(10, 7, 0), order(10, 7, 1))
  @Test func ordersLast() {
    let order = PictureOrder(count: 10, seed: 7)
    #expect(order.order(ofEpoch: 0) == [4, 3, 5, 2, 6, 0, 8, 7, 9, 1])
    #expect(order.order(ofEpoch: 1) == [5, 1, 2, 8, 3, 4, 7, 9, 6, 0])
    #expect(order.order(ofEpoch: 0) == [4, 3, 5, 2, 6, 0, 8, 7, 9, 1])
  }

  @Test func everyPictureHasItsTurnOnce() {
    for count in [1, 2, 1000] {
      let order = PictureOrder(count: count, seed: 1).order(ofEpoch: 5)
      #expect(order.sorted() == Array(0..<count))
    }
  }

  @Test func everyOrderIsAsLikely() {
    let order = PictureOrder(count: 3, seed: 1)
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<6000 { counts[order.order(ofEpoch: epoch), default: 0] += 1 }
    #expect(counts.count == 6)
    // Five deviations of √(1000·5/6).
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }
}
