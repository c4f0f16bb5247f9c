/// A whole picture in memory.
public struct Image: Equatable, Sendable {
  public let width, height: Int
  public let pixels: PixelFormat
  /// The rows from top to bottom, without padding.
  public var bytes: [UInt8]

  public var bytesPerRow: Int { pixels.bytesPerRow(width: width) }

  /// - Precondition: `bytes` are `height` rows of `width` pixels.
  public init(width: Int, height: Int, pixels: PixelFormat, bytes: [UInt8]) {
    precondition(
      bytes.count == height * pixels.bytesPerRow(width: width), "bytes are width × height pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.bytes = bytes
  }

  /// All rows of `source`, from its next one, which must be its first.
  ///
  /// - Throws: `ImageFileError` of the source.
  public init(reading source: any RowSource) throws(ImageFileError) {
    let info = source.info
    var row = [UInt8](repeating: 0, count: info.bytesPerRow)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(info.height * info.bytesPerRow)
    for _ in 0..<info.height {
      try source.readRow(into: &row)
      bytes += row
    }
    self.init(width: info.width, height: info.height, pixels: info.pixels, bytes: bytes)
  }

  /// The same picture with another depth, as `ConvertedRows` makes it.
  public func converted(to depth: PixelFormat.Depth) -> Image {
    guard pixels.depth != depth else { return self }
    let format = PixelFormat(hasAlpha: pixels.hasAlpha, depth: depth)
    var converted = [UInt8](repeating: 0, count: height * format.bytesPerRow(width: width))
    ConvertedRows.convert(bytes, into: &converted, depth: depth)
    return Image(width: width, height: height, pixels: format, bytes: converted)
  }

  /// Writes all rows to `sink`, which is not finished.
  ///
  /// - Throws: `ImageFileError` of the sink.
  public func write(to sink: any RowSink) throws(ImageFileError) {
    for y in 0..<height { try sink.writeRow(row(y).span) }
  }

  /// The bytes of row `y`.
  public func row(_ y: Int) -> ArraySlice<UInt8> {
    bytes[y * bytesPerRow..<(y + 1) * bytesPerRow]
  }
}
