/// Rows of one image's feature map, `[C, H, W]`, stored by blocks of channels:
/// `[C / lanes, rows, W, lanes]`.
///
/// A block's 16 channels of a pixel are one vector, so that a kernel reads neighbouring pixels at
/// one fixed stride whatever the number of channels. Where `channels` is no multiple of `lanes`,
/// the lanes above it hold zeros. A map may hold some rows only, as a band of a picture that
/// doesn't fit in memory does; rows are always named by their number in the whole map.
public struct FeatureMap: Sendable {
  /// Lanes of a block of channels, as all kernels but `gatherPixels` expect it.
  public static let blockLanes = 16
  /// Lanes of a picture's pixel: red, green, blue and nothing.
  public static let pixelLanes = 4

  public let channels: Int
  /// Of the whole map.
  public let height: Int
  public let width: Int
  /// Channels in a block, `blockLanes` or `pixelLanes`.
  public let lanes: Int
  /// The rows that it holds, within `0..<height`.
  public let rows: Range<Int>
  public let buffer: AlignedBuffer

  /// A map over `buffer`, which holds at least `sampleCount(…)` samples.
  public init(
    channels: Int, height: Int, width: Int, lanes: Int = blockLanes, rows: Range<Int>,
    buffer: AlignedBuffer
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= height, "rows within the map")
    self.channels = channels
    self.height = height
    self.width = width
    self.lanes = lanes
    self.rows = rows
    self.buffer = buffer
    precondition(
      buffer.count
        >= Self.sampleCount(channels: channels, width: width, rows: rows.count, lanes: lanes),
      "buffer holds the rows")
  }

  /// Samples that `rows` rows take.
  public static func sampleCount(channels: Int, width: Int, rows: Int, lanes: Int = blockLanes)
    -> Int
  {
    blockCount(channels: channels, lanes: lanes) * rows * width * lanes
  }

  public static func blockCount(channels: Int, lanes: Int = blockLanes) -> Int {
    (channels + lanes - 1) / lanes
  }

  public var blocks: Int { Self.blockCount(channels: channels, lanes: lanes) }

  /// The first pixel of row `y` of a block of channels: `[W, lanes]`.
  public func row(_ y: Int, block: Int = 0) -> UnsafeMutablePointer<Float> {
    assert(rows.contains(y) && block < blocks, "row \(y) of \(rows), block \(block) of \(blocks)")
    return buffer.start + ((block * rows.count + y - rows.lowerBound) * width) * lanes
  }

  /// The rows held, as `[channels][rows][width]`, for tests and reports.
  public var planes: [[[Float]]] {
    (0..<channels).map { channel in
      rows.map { y in
        let pixels = row(y, block: channel / lanes) + channel % lanes
        return (0..<width).map { pixels[$0 * lanes] }
      }
    }
  }
}
