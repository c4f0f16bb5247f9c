import Layers
import StyleEngine
import Tensors

/// A place where a local spike dominates a channel's statistics: more than half of the channel's
/// variance comes from a hundredth of the picture or less.
///
/// Under instance norm all the rest of such a channel is pressed together; StyleGAN's blobs come from
/// that (Karras et al. 2020, arXiv:1912.04958).
public struct Spike: Equatable, Sendable {
  /// The norm's name, and the channel.
  public let layer: String
  public let channel: Int
  /// The middle of the place, 0…1 of the picture's width and height.
  public let x, y: Double
  /// The spike's share of the channel's variance, 0…1.
  public let share: Double
}

/// Looks for spikes in the rows that an execution shows, on a grid of cells.
final class SpikeFinder {
  /// Cells along the longer side; one is a thousandth of a square picture.
  private static let cells = 32
  private static let leastShare = 0.5
  private static let largestArea = 0.01

  /// The columns of the present layer's cells.
  private var columns = 0
  private var rows = 0
  /// The moments of the cells, `[rows · columns][channels]`.
  private var moments: [[ChannelMoments]] = []

  /// Takes rows of one picture, as `NetworkExecution.run` hands them to `inspect`.
  func add(_ band: LayerRows) {
    if band.rows.lowerBound == 0 {
      let longer = max(band.width, band.height)
      columns = max(1, Self.cells * band.width / longer)
      rows = max(1, Self.cells * band.height / longer)
      moments = [[ChannelMoments]](
        repeating: [ChannelMoments](repeating: ChannelMoments(), count: band.channels),
        count: rows * columns)
    }
    for y in band.rows {
      let row = y * rows / band.height
      for column in 0..<columns {
        let first = (column * band.width + columns - 1) / columns
        let end = ((column + 1) * band.width + columns - 1) / columns
        guard first < end else { continue }
        let cell = row * columns + column
        for (channel, part) in band.moments(ofRow: y, columns: first..<end).enumerated() {
          moments[cell][channel].merge(part)
        }
      }
    }
  }

  /// Lists the spikes of the layer whose rows have all been seen, by their share.
  func spikes(in layer: String) -> [Spike] {
    guard let channels = moments.first?.count, rows * columns > 1 else { return [] }
    return (0..<channels).compactMap { spike(in: layer, channel: $0) }
      .sorted { ($1.share, $0.channel) < ($0.share, $1.channel) }
  }

  private func spike(in layer: String, channel: Int) -> Spike? {
    var whole = ChannelMoments()
    for cell in moments { whole.merge(cell[channel]) }
    guard whole.squaredDeviations > 0 else { return nil }
    var best: (cell: Int, share: Double)?
    for (index, cell) in moments.enumerated() {
      let own = cell[channel]
      let distance = own.mean - whole.mean
      let share =
        (own.squaredDeviations + own.count * distance * distance) / whole.squaredDeviations
      if share > best?.share ?? 0 { best = (index, share) }
    }
    guard let best, best.share > Self.leastShare,
      moments[best.cell][channel].count <= Self.largestArea * whole.count
    else { return nil }
    return Spike(
      layer: layer, channel: channel,
      x: (Double(best.cell % columns) + 0.5) / Double(columns),
      y: (Double(best.cell / columns) + 0.5) / Double(rows), share: best.share)
  }
}
