import Tensors

/// The moments of a convolution's output while it is computed: of each strip of rows, tile of
/// columns and channel.
///
/// Each part is written by whoever computes it, and all are merged at the end from top to bottom
/// and left to right, whoever it was and in whatever order.
final class StripMoments: @unchecked Sendable {
  private let heights: [Int]
  private let widths: [Int]
  private let channels: Int
  /// `[strips][tiles][mean, squares][blocks][16]`.
  private let values: UnsafeMutablePointer<Double>
  private let lanes: Int

  /// For an output of strips of rows and tiles of columns of these sizes.
  init(heights: [Int], widths: [Int], channels: Int) {
    self.heights = heights
    self.widths = widths
    self.channels = channels
    lanes = FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
    let count = heights.count * widths.count * 2 * lanes
    values = .allocate(capacity: count)
    values.initialize(repeating: .nan, count: count)
  }

  deinit {
    values.deallocate()
  }

  /// Where the means and squared deviations of a block's 16 channels belong.
  func part(strip: Int, tile: Int, block: Int)
    -> (mean: UnsafeMutablePointer<Double>, squares: UnsafeMutablePointer<Double>)
  {
    let offset = (strip * widths.count + tile) * 2 * lanes + block * FeatureMap.blockLanes
    return (values + offset, values + offset + lanes)
  }

  /// The moments of each channel over the whole output, once every part is written.
  func merged() -> [ChannelMoments] {
    (0..<channels).map { channel in
      var whole = ChannelMoments()
      for (strip, height) in heights.enumerated() {
        for (tile, width) in widths.enumerated() {
          let (mean, squares) = part(
            strip: strip, tile: tile, block: channel / FeatureMap.blockLanes)
          let lane = channel % FeatureMap.blockLanes
          whole.merge(
            ChannelMoments(
              count: Double(height * width), mean: mean[lane], squaredDeviations: squares[lane]))
        }
      }
      return whole
    }
  }
}
