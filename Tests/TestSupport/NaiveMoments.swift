import Layers

/// Mean and sum of squared deviations as the textbook has them: two passes in Double.
public func naiveMoments(_ samples: some Sequence<Float>) -> ChannelMoments {
  let values = samples.map(Double.init)
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return ChannelMoments(count: Double(values.count), mean: mean, squaredDeviations: squares)
}

extension ChannelMoments {
  /// The moments of one sample.
  public init(of sample: Float) {
    self.init(count: 1, mean: Double(sample))
  }

  /// Whether both are those of one set but for the rounding of Double sums.
  public func agrees(with other: ChannelMoments, within tolerance: Double = 1e-12) -> Bool {
    let scale = max(abs(mean), abs(other.mean), other.variance.squareRoot(), .leastNormalMagnitude)
    return count == other.count && abs(mean - other.mean) <= tolerance * scale
      && abs(squaredDeviations - other.squaredDeviations)
        <= tolerance * max(other.squaredDeviations, tolerance * scale * scale * count)
  }
}

extension Statistics {
  public func agrees(with other: Statistics, within tolerance: Double = 1e-12) -> Bool {
    abs(mean - other.mean) <= tolerance * max(1, abs(other.mean))
      && abs(variance - other.variance) <= tolerance * max(1, other.variance)
  }
}
