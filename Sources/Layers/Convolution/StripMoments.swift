import Tensors

/// The moments of a band of a convolution's output while it is computed: of each strip of rows,
/// tile of columns and channel.
///
/// Each part is written by whoever computes it, and all are merged at the end from top to bottom
/// and left to right, whoever it was and in whatever order.
package struct StripMoments: @unchecked Sendable {
  private let tiling: ConvolutionTiling
  private let firstStrip: Int
  private let channels: Int
  private let lanes: Int
  /// `[strips][tiles][mean, squares][blocks][16]`.
  private let values: UnsafeMutablePointer<Double>

  /// Lays out the moments of strips from `firstStrip` on, in memory that lives as long as this.
  package init(
    _ tiling: ConvolutionTiling, from firstStrip: Int, channels: Int,
    in values: UnsafeMutablePointer<Double>
  ) {
    self.tiling = tiling
    self.firstStrip = firstStrip
    self.channels = channels
    self.values = values
    lanes = Self.lanes(channels)
  }

  /// Values that `strips` strips take.
  package static func valueCount(_ tiling: ConvolutionTiling, strips: Int, channels: Int) -> Int {
    strips * tiling.tiles * 2 * lanes(channels)
  }

  private static func lanes(_ channels: Int) -> Int {
    FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
  }

  /// Finds where the means and squared deviations of a block's 16 channels belong.
  package func part(strip: Int, tile: Int, block: Int)
    -> (mean: UnsafeMutablePointer<Double>, squares: UnsafeMutablePointer<Double>)
  {
    let place = (strip - firstStrip) * tiling.tiles + tile
    let mean = values + place * 2 * lanes + block * FeatureMap.blockLanes
    return (mean, mean + lanes)
  }

  /// Merges those of `strips`, every part of which is written, into each channel's of the strips
  /// above.
  package func merge(_ strips: Range<Int>, into moments: inout [ChannelMoments]) {
    for channel in 0..<channels {
      let (block, lane) = channel.quotientAndRemainder(dividingBy: FeatureMap.blockLanes)
      for strip in strips {
        for tile in 0..<tiling.tiles {
          let (mean, squares) = part(strip: strip, tile: tile, block: block)
          moments[channel].merge(
            ChannelMoments(
              count: Double(tiling.sampleCount(strip: strip, tile: tile)), mean: mean[lane],
              squaredDeviations: squares[lane]))
        }
      }
    }
  }
}
