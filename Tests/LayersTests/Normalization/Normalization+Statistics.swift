import StyleModels

@testable import Layers

extension Normalization {
  /// What `set` makes of moments, `[N][C]`, all images having the same stored statistics.
  func statistics(
    of moments: [[ChannelMoments]], stored: StyleParameters.StoredStatistics? = nil
  ) -> [[Statistics]] {
    var statistics = moments.map { [Statistics](repeating: Statistics(), count: $0.count) }
    set(&statistics, from: moments, stored: moments.map { _ in stored })
    return statistics
  }
}
