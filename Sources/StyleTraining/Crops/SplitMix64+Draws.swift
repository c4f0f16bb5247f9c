import Tensors

extension SplitMix64 {
  /// What is drawn.
  enum Purpose: UInt64 {
    /// The order of an epoch's pictures.
    case order
    /// A crop's place in its picture, and its noise.
    case crop
  }

  /// A generator of its own for each epoch, or crop.
  ///
  /// Each number is mixed in by a draw: generators whose seeds are near one another may give the
  /// same numbers, shifted.
  init(seed: UInt64, for purpose: Purpose, _ number: Int) {
    self.init(seed: seed)
    for part in [purpose.rawValue, UInt64(number)] { self = SplitMix64(seed: next() ^ part) }
    self = SplitMix64(seed: next())
  }

  /// A whole number of the range, which has fewer than 2³², each as likely but for 2⁻³².
  ///
  /// The standard library's own draws may become others with a new version of it.
  mutating func wholeNumber(in range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next().multipliedFullWidth(by: count).high)
  }

  /// Whether what happens with this probability does.
  mutating func happens(_ probability: Double) -> Bool {
    Double(next() >> 11) < probability * 0x1p53
  }

  /// A number of mean 0 and deviation 1 from a bell: eight bytes' sum less its mean, by its
  /// deviation √(8·(256² − 1)/12).
  ///
  /// It is Gauss's but for the ends, which are at 4.9 and −4.9, and takes 1 ns and no logarithm.
  mutating func bell() -> Float {
    let bytes = next()
    // Pairs of bytes in four lanes, which the product then sums in the highest.
    let pairs = (bytes & 0x00FF_00FF_00FF_00FF) + (bytes >> 8 & 0x00FF_00FF_00FF_00FF)
    let sum = (pairs &* 0x0001_0001_0001_0001) >> 48
    return (Float(sum) - 1020) * (1 / 209.0223)
  }
}
