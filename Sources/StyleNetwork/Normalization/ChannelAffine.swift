import Tensors

/// What a norm comes to for one image: `y = scale · x + shift` per channel, and a ReLU if one
/// follows. Whoever reads the tensor next applies it while loading, so that normalizing costs no
/// pass over memory of its own.
public struct ChannelAffine: Sendable {
  /// By channel, zeros above the last up to a whole block.
  let scale: AlignedBuffer
  let shift: AlignedBuffer
  /// Below which results are cut off: 0 for a ReLU, −∞ for none.
  let floor: Float

  /// `scale = gamma / √(variance + ε)`, `shift = beta − mean · scale`, computed in Double.
  ///
  /// A channel without any variance, of one colour or one pixel, comes out as exactly beta: its
  /// scale counts as 0, as `scale · mean + shift` would leave a rounding behind. Stored statistics
  /// say nothing of the samples at hand, so theirs doesn't.
  ///
  /// - Parameters:
  ///   - statistics: Of each channel.
  ///   - areMeasured: Whether they are those of the samples that will be normalized.
  init(
    statistics: [Statistics], areMeasured: Bool, gamma: [Float], beta: [Float], epsilon: Double,
    followedByReLU: Bool
  ) {
    let padded = FeatureMap.blockCount(channels: statistics.count) * FeatureMap.blockLanes
    scale = AlignedBuffer([Float](repeating: 0, count: padded))
    shift = AlignedBuffer([Float](repeating: 0, count: padded))
    floor = followedByReLU ? 0 : -.infinity
    for (channel, statistic) in statistics.enumerated() {
      let isConstant = areMeasured && statistic.variance == 0
      let factor =
        isConstant ? 0 : Double(gamma[channel]) / (statistic.variance + epsilon).squareRoot()
      scale.start[channel] = Float(factor)
      shift.start[channel] = Float(Double(beta[channel]) - statistic.mean * factor)
    }
  }

  /// Leaves `channels` channels as they are.
  init(identityOf channels: Int) {
    let padded = FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
    scale = AlignedBuffer([Float](repeating: 1, count: padded))
    shift = AlignedBuffer([Float](repeating: 0, count: padded))
    floor = -.infinity
  }
}

/// A feature map, and what its next reader does to the samples while loading them.
struct Activation {
  let map: FeatureMap
  let affine: ChannelAffine
}
