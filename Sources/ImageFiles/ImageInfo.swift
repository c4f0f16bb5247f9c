/// The size and samples of an image file, as its rows come.
public struct ImageInfo: Equatable, Sendable {
  public var format: ImageFormat
  /// Pixels a row, upright, and rows.
  public var width, height: Int
  public var pixels: PixelFormat
  /// The orientation that the file had; rows come upright.
  public var orientation: Orientation
  /// Bytes of memory that reading takes beyond a band of rows: a picture to be turned, an interlaced
  /// one, the coefficients of a progressive one. Such a source starts again only by decoding anew
  /// or from what it holds.
  public var heldBytes: Int

  public init(
    format: ImageFormat, width: Int, height: Int, pixels: PixelFormat,
    orientation: Orientation = .upright, heldBytes: Int = 0
  ) {
    self.format = format
    self.width = width
    self.height = height
    self.pixels = pixels
    self.orientation = orientation
    self.heldBytes = heldBytes
  }

  public var bytesPerRow: Int { pixels.bytesPerRow(width: width) }
}
