import StyleModels

/// Whose statistics normalize a channel of an image.
///
/// Every norm is `y = (x − mean) / √(variance + ε) · gamma + beta` over x `[N, C, H, W]`, with the
/// biased variance. They differ only in whose moments are merged into the mean and variance.
public enum Normalization: Equatable, Sendable {
  /// H and W of one channel of one image: the channel's own moments.
  ///
  /// Paper: Ulyanov, Vedaldi and Lempitsky 2016, arXiv:1607.08022.
  case instance
  /// H, W and neighbouring channels of one image: one group is layer norm, as many as there are
  /// channels is instance norm.
  ///
  /// Paper: Wu and He 2018, arXiv:1803.08494.
  case group(Groups)
  /// C, H and W of one image, gamma and beta by channel.
  ///
  /// Paper: Ba, Kiros and Hinton 2016, arXiv:1607.06450.
  case layer
  /// The statistics stored in the style's file; nothing is measured.
  ///
  /// Paper: Ioffe and Szegedy 2015, arXiv:1502.03167.
  case batch
  /// N, H and W of one channel, over the images at hand, which may differ in size.
  case batchLive

  /// The one that a network was trained with.
  public init(trainedIn description: NetworkDescription) {
    self.init(description.norm, groups: .count(description.groups))
  }

  /// - Parameter groups: For `Norm.group`; others have none.
  public init(_ norm: Norm, groups: Groups) {
    switch norm {
    case .instance: self = .instance
    case .group: self = .group(groups)
    case .layer: self = .layer
    case .batch: self = .batch
    case .batchLive: self = .batchLive
    }
  }

  /// The mean and variance that normalize each channel of each image, `[N][C]`.
  ///
  /// - Parameters:
  ///   - moments: Of each channel of each image, `[N][C]`. Groups must divide C.
  ///   - stored: Of each channel, `[C]`, for `batch`.
  public func statistics(of moments: [[ChannelMoments]], stored: [Statistics] = [])
    -> [[Statistics]]
  {
    switch self {
    case .instance:
      return moments.map { $0.map(Statistics.init) }
    case .group(let groups):
      return moments.map { channels in
        let count = groups.count(of: channels.count)
        let size = channels.count / count
        precondition(size * count == channels.count, "groups divide the channels")
        return (0..<count).flatMap { group in
          let merged = ChannelMoments.merged(channels[group * size..<(group + 1) * size])
          return repeatElement(Statistics(merged), count: size)
        }
      }
    case .layer:
      return moments.map { channels in
        Array(repeating: Statistics(.merged(channels)), count: channels.count)
      }
    case .batch:
      return moments.map { _ in stored }
    case .batchLive:
      guard let channels = moments.first?.count else { return [] }
      let merged = (0..<channels).map { channel in
        Statistics(.merged(moments.map { $0[channel] }))
      }
      return moments.map { _ in merged }
    }
  }
}

/// Into how many groups group norm divides a layer's channels.
public enum Groups: Equatable, Sendable {
  /// The same number in every layer.
  case count(Int)
  /// A group for each channel.
  case channels

  func count(of channels: Int) -> Int {
    switch self {
    case .count(let count): count
    case .channels: channels
    }
  }
}

/// A mean and a biased variance that normalize one channel.
public struct Statistics: Equatable, Sendable {
  public var mean: Double
  public var variance: Double

  public init(mean: Double, variance: Double) {
    self.mean = mean
    self.variance = variance
  }

  /// Those of a set of samples.
  public init(_ moments: ChannelMoments) {
    self.init(mean: moments.mean, variance: moments.variance)
  }
}
