import CKernelArguments
import Layers
import StyleModels
import Tensors

/// The record of what a norm made of one picture, for whoever looks on: tests, statistics,
/// calibration.
public struct LayerRecord: Sendable {
  /// The convolution's name, `res1.conv2` for one.
  public let convolution: String
  /// The norm's name, `res1.in2` for one.
  public let norm: String
  /// The picture's place in the batch.
  public let picture: Int
  /// The moments of each channel itself, of the convolution's output with its bias, before the
  /// norm.
  public let moments: [ChannelMoments]
  /// The statistics that each channel is normalized with under the chosen norm.
  public let statistics: [Statistics]
  /// The numbers of each channel, `gamma / √(variance + ε)` and `beta − mean · scale`.
  public let scale: [Float]
  public let shift: [Float]

  init(
    convolution: String, norm: String, picture: Int, moments: [ChannelMoments],
    statistics: [Statistics], affine: ChannelAffine
  ) {
    self.convolution = convolution
    self.norm = norm
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
  /// The map, valid only while it is shown; the last layer's has blocks of pixels.
  let map: FeatureMap
  /// The map's rows that are new.
  public let rows: Range<Int>

  let kernels: KernelSet

  /// The whole map's height and width.
  public var height: Int { map.height }
  public var width: Int { map.width }
  public var channels: Int { map.channels }

  /// Gives the samples of one row of a channel.
  public func samples(ofRow y: Int, channel: Int) -> [Float] {
    let (block, lane) = channel.quotientAndRemainder(dividingBy: map.lanes)
    let row = map.row(y, block: block) + lane
    return (0..<map.width).map { row[$0 * map.lanes] }
  }

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
            .init(
              mean: mean + block * lanes, squares: square + block * lanes,
              input: map.row(y, block: block) + columns.lowerBound * lanes,
              inputRowStride: map.width * lanes, rows: 1, columns: columns.count))
        }
      }
    }
    return (0..<map.channels).map {
      ChannelMoments(
        count: Double(columns.count), mean: means[$0], squaredDeviations: squares[$0])
    }
  }
}
