import Layers

/// The statistics that the norms of a network make of one picture.
public struct PictureStatistics: Equatable, Sendable {
  /// The statistics of each channel at one norm.
  public struct Layer: Equatable, Sendable {
    /// The norm's name, `res1.in2` for one.
    public let name: String
    /// The convolution whose output it normalizes, `res1.conv2` for one.
    public let convolution: String
    /// The mean and biased variance of the convolution's output with its bias, before the norm.
    public let mean: [Double]
    public let variance: [Double]
    /// The statistics to normalize with: the group's, the batch's or the stored ones, as the norm
    /// has it.
    public let used: [Statistics]
    /// The numbers `gamma / √(used variance + ε)` and `beta − used mean · scale`.
    public let scale: [Float]
    public let shift: [Float]

    /// `mean` and `variance`: what instance norm normalizes with.
    public var own: [Statistics] {
      zip(mean, variance).map { Statistics(mean: $0, variance: $1) }
    }

    /// The mean and deviation of each channel once it is normalized with `statistics`, before gamma
    /// and beta.
    public func normalized(with statistics: [Statistics], epsilon: Double)
      -> [(mean: Double, deviation: Double)]
    {
      statistics.indices.map { channel in
        let deviation = (statistics[channel].variance + epsilon).squareRoot()
        return (
          (mean[channel] - statistics[channel].mean) / deviation,
          variance[channel].squareRoot() / deviation
        )
      }
    }
  }

  public package(set) var layers: [Layer] = []

  package init() {}

  /// - Parameter records: The record of each norm in order, of one picture.
  public init(_ records: [LayerRecord]) {
    layers = records.map(Layer.init)
  }
}

extension PictureStatistics.Layer {
  package init(_ record: LayerRecord) {
    name = record.norm
    convolution = record.convolution
    mean = record.moments.map(\.mean)
    variance = record.moments.map(\.variance)
    used = record.statistics
    scale = record.scale
    shift = record.shift
  }
}
