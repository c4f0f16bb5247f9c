/// Count, mean and sum of squared deviations of a set of samples, of one channel to begin with.
///
/// Moments of disjoint sets merge into those of their union, which is how every norm here gets its
/// statistics: they differ only in whose moments are merged (`Normalization`). In Double, and by
/// deviations from the mean rather than sums of squares, a mean of 10,000 beside a deviation of
/// 0.1 costs no digits and the variance can't go negative.
public struct ChannelMoments: Equatable, Sendable {
  public var count: Double
  public var mean: Double
  /// Σ (x − mean)².
  public var squaredDeviations: Double

  public init(count: Double = 0, mean: Double = 0, squaredDeviations: Double = 0) {
    self.count = count
    self.mean = mean
    self.squaredDeviations = squaredDeviations
  }

  /// The biased variance, `squaredDeviations / count`: the one that normalizes.
  public var variance: Double {
    count > 0 ? squaredDeviations / count : 0
  }

  /// Merges the moments of another set, disjoint from this.
  ///
  /// With δ the difference of the means: `mean += δ·n₂/n`, `squares += squares₂ + δ²·n₁·n₂/n`.
  ///
  /// Paper: T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating Formulae and a Pairwise Algorithm
  /// for Computing Sample Variances", 1979, Stanford STAN-CS-79-773.
  public mutating func merge(_ other: ChannelMoments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = count + other.count
    let difference = other.mean - mean
    mean += difference * (other.count / total)
    squaredDeviations +=
      other.squaredDeviations + difference * difference * (count / total * other.count)
    count = total
  }

  /// The moments of the union of disjoint sets, merged in order.
  public static func merged(_ parts: ArraySlice<ChannelMoments>) -> ChannelMoments {
    var whole = ChannelMoments()
    for part in parts { whole.merge(part) }
    return whole
  }
}
