import Tensors

/// What a layer made of one picture, for whoever looks on: tests, statistics, calibration.
public struct LayerRecord {
  /// The convolution's name, `res1.conv2` for one.
  public let convolution: String
  /// The norm's name, `res1.in2` for one; none after the last convolution.
  public let norm: String?
  /// The picture's place in the batch.
  public let picture: Int
  /// The convolution's output with its bias, before the norm. Valid only while it is shown.
  public let output: FeatureMap
  /// Of each channel: what it is normalized with under the chosen norm.
  public let statistics: [Statistics]
  /// Of each channel: `gamma / √(variance + ε)` and `beta − mean · scale`.
  public let scale: [Float]
  public let shift: [Float]

  init(
    _ layer: StyleNetwork.Layer, picture: Int, output: FeatureMap, statistics: [Statistics] = [],
    affine: ChannelAffine? = nil
  ) {
    convolution = layer.description.name
    norm = layer.norm?.description.name
    self.picture = picture
    self.output = output
    self.statistics = statistics
    scale = affine.map { affine in statistics.indices.map { affine.scale.start[$0] } } ?? []
    shift = affine.map { affine in statistics.indices.map { affine.shift.start[$0] } } ?? []
  }
}
