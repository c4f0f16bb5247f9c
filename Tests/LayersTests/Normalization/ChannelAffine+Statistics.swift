import StyleModels
import Tensors

@testable import Layers

extension ChannelAffine {
  /// What a norm with this affine pair makes of these statistics.
  init(
    statistics: [Statistics], areMeasured: Bool, gamma: [Float], beta: [Float], epsilon: Double,
    followedByReLU: Bool
  ) {
    self.init(identityOf: statistics.count, activation: followedByReLU ? .relu : .identity)
    set(
      statistics, areMeasured: areMeasured, StyleParameters.Norm(gamma: gamma, beta: beta),
      epsilon: epsilon)
  }
}
