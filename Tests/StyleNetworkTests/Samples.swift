import Tensors

/// Samples that repeat from run to run: a linear congruential generator's, in −1…1.
struct Samples {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(1 << 31)
  }

  mutating func array(_ count: Int) -> [Float] {
    (0..<count).map { _ in next() }
  }
}

extension AlignedBuffer {
  /// A buffer in which a sample that nobody writes shows.
  static func poisoned(_ count: Int) -> AlignedBuffer {
    AlignedBuffer([Float](repeating: .nan, count: count))
  }

  var samples: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

/// The largest difference, infinite where one of two is no number.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
