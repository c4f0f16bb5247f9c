/// The rows of another source with another depth: 16-bit samples rounded to 8, v·255/65535, or 8-bit
/// ones widened to 16, v·257, which rounding gives back.
public final class ConvertedRows: RowSource {
  public let info: ImageInfo

  private let source: any RowSource
  private var sourceRow: [UInt8]

  public init(_ source: any RowSource, depth: PixelFormat.Depth) {
    var info = source.info
    sourceRow = [UInt8](repeating: 0, count: info.bytesPerRow)
    info.pixels.depth = depth
    self.info = info
    self.source = source
  }

  public var metadata: ImageMetadata { source.metadata }
  public var notes: [ImageNote] { source.notes }

  public func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    if info.pixels == source.info.pixels { return try source.readRow(into: &row) }
    try source.readRow(into: &sourceRow)
    let bytes = sourceRow
    Self.convert(bytes.span, into: &row, depth: info.pixels.depth)
  }

  /// Converts samples of the other depth into ones of `depth`.
  public static func convert(
    _ source: Span<UInt8>, into target: inout MutableSpan<UInt8>, depth: PixelFormat.Depth
  ) {
    switch depth {
    case .eight:
      for index in target.indices {
        let sample = UInt32(source.sample(index, as: UInt16.self))
        target[index] = UInt8((sample * 255 + 32_767) / 65_535)
      }
    case .sixteen:
      for index in source.indices { target.setSample(index, to: UInt16(source[index]) * 257) }
    }
  }

  /// Converts all of `source` into all of `target`.
  public static func convert(
    _ source: [UInt8], into target: inout [UInt8], depth: PixelFormat.Depth
  ) {
    var bytes = target.mutableSpan
    convert(source.span, into: &bytes, depth: depth)
  }

  public func restart() throws(ImageFileError) { try source.restart() }
}
