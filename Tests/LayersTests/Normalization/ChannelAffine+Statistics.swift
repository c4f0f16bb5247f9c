import Tensors

@testable import Layers
@testable import StyleModels

extension ChannelAffine {
  /// What a norm with this affine pair makes of these statistics.
  init(
    statistics: [Statistics], areMeasured: Bool, gamma: [Float], beta: [Float], epsilon: Double,
    followedByReLU: Bool
  ) {
    self.init(identityOf: statistics.count)
    let description = NormDescription(
      name: "norm", channels: statistics.count, followedByReLU: followedByReLU)
    set(
      statistics, areMeasured: areMeasured,
      NormLayer(
        description: description, epsilon: epsilon, gamma: gamma, beta: beta, stored: []))
  }
}
