import CKernelArguments
import StyleModels
import Tensors

/// The work that a norm comes to for one image: `y = max(scale · x + shift, floor)` per channel,
/// the floor being the ReLU's where one follows. Whoever reads the tensor next applies it while
/// loading, so that normalizing costs no pass over memory of its own.
///
/// The values lie in buffers that stay where they are from picture to picture.
public struct ChannelAffine: Sendable {
  /// The factor by channel, zeros above the last up to a whole block.
  package let scale: AlignedBuffer
  package let shift: AlignedBuffer
  /// The value below which results are cut off: 0 for a ReLU, −∞ for none.
  package let floor: AlignedBuffer

  /// Leaves `channels` channels as they are, but for an activation.
  package init(
    identityOf channels: Int, activation: LayerDescription.Activation = .identity
  ) {
    let padded = FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
    scale = AlignedBuffer([Float](repeating: 1, count: padded))
    shift = AlignedBuffer([Float](repeating: 0, count: padded))
    floor = AlignedBuffer([Float](repeating: Self.floor(of: activation), count: padded))
  }

  /// The value below which an activation cuts off. That of a tanh is applied when the picture is written.
  private static func floor(of activation: LayerDescription.Activation) -> Float {
    switch activation {
    case .relu: 0
    case .identity, .tanh: -.infinity
    }
  }

  /// Sets `scale = gamma / √(variance + ε)` and `shift = beta − mean · scale`, computed in Double.
  ///
  /// A channel without any variance, of one colour or one pixel, comes out as exactly beta: its
  /// scale counts as 0, as `scale · mean + shift` would leave a rounding behind. Stored statistics
  /// say nothing of the samples at hand, so theirs doesn't.
  ///
  /// - Parameters:
  ///   - statistics: The statistics of each channel.
  ///   - areMeasured: Whether the statistics are those of the samples that will be normalized.
  ///   - style: The norm's gamma and beta.
  package func set(
    _ statistics: [Statistics], areMeasured: Bool, _ style: StyleParameters.Norm, epsilon: Double
  ) {
    for channel in 0..<scale.count {
      let isChannel = channel < statistics.count
      let statistic = isChannel ? statistics[channel] : Statistics(mean: 0, variance: 1)
      let isConstant = areMeasured && statistic.variance == 0
      let gamma = isChannel && !isConstant ? Double(style.gamma[channel]) : 0
      let beta = isChannel ? Double(style.beta[channel]) : 0
      let factor = gamma / (statistic.variance + epsilon).squareRoot()
      scale.start[channel] = Float(factor)
      shift.start[channel] = Float(beta - statistic.mean * factor)
    }
  }

  /// Sets what `other` does, less a constant in each channel if there is one.
  package func set(_ other: ChannelAffine, less center: AlignedBuffer? = nil) {
    for channel in 0..<scale.count {
      let constant = center?.start[channel] ?? 0
      scale.start[channel] = other.scale.start[channel]
      shift.start[channel] = other.shift.start[channel] - constant
      floor.start[channel] = other.floor.start[channel] - constant
    }
  }

  /// A block's channels, as kernels take them.
  package func block(_ block: Int) -> CKernelArguments_Affine {
    let first = block * FeatureMap.blockLanes
    return CKernelArguments_Affine(
      scale: scale.start + first, shift: shift.start + first, floor: floor.start + first)
  }

  /// Computes what becomes of one sample of a channel.
  package func value(of sample: Float, channel: Int) -> Float {
    let value = shift.start[channel].addingProduct(sample, scale.start[channel])
    return max(value, floor.start[channel])
  }
}

/// A feature map, and what its next reader does to the samples while loading them.
package struct Activation {
  package let map: FeatureMap
  package let affine: ChannelAffine
  /// A value of each channel, after that, amid its samples: the value of all where it is constant.
  package let center: AlignedBuffer

  package init(map: FeatureMap, affine: ChannelAffine, center: AlignedBuffer) {
    self.map = map
    self.affine = affine
    self.center = center
  }
}
