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
    var moments = [ChannelMoments](repeating: ChannelMoments(), count: channels)
    merge(into: &moments)
    return moments
  }

  /// Sets `moments` to what `merged()` gives, without taking memory.
  func merge(into moments: inout [ChannelMoments]) {
    for channel in 0..<channels {
      let (block, lane) = channel.quotientAndRemainder(dividingBy: FeatureMap.blockLanes)
      var whole = ChannelMoments()
      for strip in heights.indices {
        for tile in widths.indices {
          let (mean, squares) = part(strip: strip, tile: tile, block: block)
          whole.merge(
            ChannelMoments(
              count: Double(heights[strip] * widths[tile]), mean: mean[lane],
              squaredDeviations: squares[lane]))
        }
      }
      moments[channel] = whole
    }
  }
}
