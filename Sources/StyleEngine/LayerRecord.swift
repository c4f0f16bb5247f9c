import Layers
import StyleModels
import Tensors

/// What a norm made of one picture, for whoever looks on: tests, statistics, calibration.
public struct LayerRecord: Sendable {
  /// The convolution's name, `res1.conv2` for one.
  public let convolution: String
  /// The norm's name, `res1.in2` for one.
  public let norm: String
  /// The picture's place in the batch.
  public let picture: Int
  /// Of each channel of the convolution's output with its bias, before the norm: its own moments.
  public let moments: [ChannelMoments]
  /// Of each channel: what it is normalized with under the chosen norm.
  public let statistics: [Statistics]
  /// Of each channel: `gamma / √(variance + ε)` and `beta − mean · scale`.
  public let scale: [Float]
  public let shift: [Float]

  init(
    _ layer: StyleNetwork.Layer, _ norm: NormLayer, picture: Int, moments: [ChannelMoments],
    statistics: [Statistics], affine: ChannelAffine
  ) {
    convolution = layer.description.name
    self.norm = norm.description.name
    self.picture = picture
    self.moments = moments
    self.statistics = statistics
    scale = statistics.indices.map { affine.scale.start[$0] }
    shift = statistics.indices.map { affine.shift.start[$0] }
  }
}

/// Some rows of a convolution's output with its bias, before the norm. Every row of every layer is
/// shown once, from top to bottom.
public struct LayerRows {
  /// The convolution's name.
  public let convolution: String
  /// The picture's place in the batch.
  public let picture: Int
  /// Valid only while it is shown. Of the last layer, blocks of several pixels.
  public let map: FeatureMap
  /// Those of the map that are new.
  public let rows: Range<Int>

  let kernels: KernelSet

  /// The moments of each channel over some columns of one row.
  public func moments(ofRow y: Int, columns: Range<Int>) -> [ChannelMoments] {
    let lanes = FeatureMap.blockLanes
    var means = [Double](repeating: 0, count: map.blocks * lanes)
    var squares = means
    means.withUnsafeMutableBufferPointer { means in
      squares.withUnsafeMutableBufferPointer { squares in
        for block in 0..<map.blocks {
          guard let mean = means.baseAddress, let square = squares.baseAddress else { return }
          kernels.measureMoments(
            mean + block * lanes, square + block * lanes,
            map.row(y, block: block) + columns.lowerBound * lanes, map.width * lanes, 1,
            columns.count)
        }
      }
    }
    return (0..<map.channels).map {
      ChannelMoments(
        count: Double(columns.count), mean: means[$0], squaredDeviations: squares[$0])
    }
  }
}
