/// Rows of one image's feature map, `[C, H, W]`, stored by blocks of channels:
/// `[rows, C / lanes, W, lanes]`.
///
/// A block's 16 channels of a pixel are one vector, so that a kernel reads neighbouring pixels at
/// one fixed stride whatever the number of channels. Where `channels` is no multiple of `lanes`,
/// the lanes above it hold zeros. A map may hold some rows only, as a band of a picture that
/// doesn't fit in memory does; rows are always named by their number in the whole map. They lie in a
/// ring, so that a band moves down a picture without moving its rows.
public struct FeatureMap: Sendable {
  /// Lanes of a block of channels, as all kernels but `gatherPixels` expect it.
  public static let blockLanes = 16
  /// Lanes of a picture's pixel: red, green, blue and nothing.
  public static let pixelLanes = 4

  public let channels: Int
  /// The height of the whole map.
  public let height: Int
  public let width: Int
  /// Channels in a block, `blockLanes` or `pixelLanes`.
  public let lanes: Int
  /// The rows that it holds, within `0..<height`, no more than `capacity`.
  public var rows: Range<Int> {
    didSet { checkRows() }
  }
  /// Rows that there is room for.
  public let capacity: Int
  /// The place of row 0 in the ring, whether that row is held or not.
  public var origin: Int
  public let buffer: AlignedBuffer

  /// A map over memory that is there already.
  ///
  /// - Parameters:
  ///   - channels: Channels; their blocks are filled up.
  ///   - height: Rows of the whole map.
  ///   - width: Columns.
  ///   - lanes: Channels of a block.
  ///   - rows: The rows that it holds.
  ///   - capacity: Rows that there is room for; nil for those of `rows`.
  ///   - origin: The place of row 0 in that room, which is a ring.
  ///   - buffer: Holds at least `sampleCount(…)` samples.
  public init(
    channels: Int, height: Int, width: Int, lanes: Int = blockLanes, rows: Range<Int>,
    capacity: Int? = nil, origin: Int = 0, buffer: AlignedBuffer
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.lanes = lanes
    self.rows = rows
    self.capacity = capacity ?? rows.count
    self.origin = origin
    self.buffer = buffer
    checkRows()
    precondition(
      buffer.count
        >= Self.sampleCount(
          channels: channels, width: width, rows: self.capacity, lanes: lanes),
      "buffer holds the rows")
  }

  private func checkRows() {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= height && rows.count <= capacity,
      "rows \(rows) within the map's \(height) and its room for \(capacity)")
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

  /// Samples of a row, all blocks.
  public var rowCount: Int { blocks * width * lanes }

  /// The first pixel of row `y` of a block of channels: `[W, lanes]`.
  public func row(_ y: Int, block: Int = 0) -> UnsafeMutablePointer<Float> {
    assert(rows.contains(y) && block < blocks, "row \(y) of \(rows), block \(block) of \(blocks)")
    return buffer.start + ((y + origin) % capacity * blocks + block) * width * lanes
  }
}
