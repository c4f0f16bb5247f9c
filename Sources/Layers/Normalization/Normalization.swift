import StyleModels

/// The choice of whose statistics normalize a channel of an image.
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

  /// The normalization that a network was trained with.
  public init(trainedIn description: NetworkDescription) {
    self.init(description.norm, groups: .count(description.groups))
  }

  /// - Parameters:
  ///   - norm: The norm, as a style's file names it.
  ///   - groups: The groups of `Norm.group`; others have none.
  public init(_ norm: Norm, groups: Groups) {
    switch norm {
    case .instance: self = .instance
    case .group: self = .group(groups)
    case .layer: self = .layer
    case .batch: self = .batch
    case .batchLive: self = .batchLive
    }
  }

  /// Sets the mean and variance that normalize each channel of each image, `[N][C]`. Takes no memory.
  ///
  /// - Parameters:
  ///   - moments: The moments of each channel of each image, `[N][C]`. Groups must divide C.
  ///   - stored: The statistics that each image's style has for `batch`, `[N]`; others don't look
  ///     at them.
  package func set(
    _ statistics: inout [[Statistics]], from moments: [[ChannelMoments]],
    stored: [StyleParameters.StoredStatistics?] = []
  ) {
    if self == .batch {
      for image in moments.indices {
        guard let stored = stored[image] else {
          preconditionFailure("styles have stored statistics under batch norm")
        }
        for channel in stored.mean.indices {
          statistics[image][channel] = Statistics(
            mean: Double(stored.mean[channel]), variance: Double(stored.variance[channel]))
        }
      }
    }
    forEachSet(images: moments.count, channels: moments.first?.count ?? 0) { images, channels in
      var merged = ChannelMoments()
      for image in images {
        for channel in channels { merged.merge(moments[image][channel]) }
      }
      for image in images {
        for channel in channels { statistics[image][channel] = Statistics(merged) }
      }
    }
  }

  /// Calls `body` with each set of images and channels whose samples are normalized together: here
  /// alone the norms differ. Stored statistics are of no set at hand.
  ///
  /// - Precondition: Groups divide the channels.
  func forEachSet(
    images: Int, channels: Int, _ body: (_ images: Range<Int>, _ channels: Range<Int>) -> Void
  ) {
    func each(_ size: Int, _ images: Range<Int>) {
      for first in stride(from: 0, to: channels, by: size) {
        body(images, first..<first + size)
      }
    }
    guard images > 0, channels > 0 else { return }
    switch self {
    case .instance: for image in 0..<images { each(1, image..<image + 1) }
    case .group(let groups):
      let size = channels / groups.count(of: channels)
      precondition(size * groups.count(of: channels) == channels, "groups divide the channels")
      for image in 0..<images { each(size, image..<image + 1) }
    case .layer: for image in 0..<images { each(channels, image..<image + 1) }
    case .batchLive: each(1, 0..<images)
    case .batch: break
    }
  }
}

/// The number of groups into which group norm divides a layer's channels.
public enum Groups: Equatable, Sendable {
  /// The same number in every layer.
  case count(Int)
  /// A group for each channel.
  case channels

  package func count(of channels: Int) -> Int {
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

  public init(mean: Double = 0, variance: Double = 0) {
    self.mean = mean
    self.variance = variance
  }

  /// Computes the statistics of a set of samples.
  public init(_ moments: ChannelMoments) {
    self.init(mean: moments.mean, variance: moments.variance)
  }
}

extension StyleParameters.StoredStatistics {
  /// The channels' statistics, `[C]`.
  public var statistics: [Statistics] {
    zip(mean, variance).map { Statistics(mean: Double($0), variance: Double($1)) }
  }
}
