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

  public func readRow(into row: UnsafeMutableRawBufferPointer) throws(ImageFileError) {
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    if info.pixels == source.info.pixels { return try source.readRow(into: row) }
    try withMutableBytes(of: &sourceRow, 0..<sourceRow.count, source.readRow(into:))
    sourceRow.withUnsafeBytes { Self.convert($0, into: row, depth: info.pixels.depth) }
  }

  /// Converts samples of the other depth into ones of `depth`.
  public static func convert(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
    depth: PixelFormat.Depth
  ) {
    switch depth {
    case .eight:
      for (index, sample) in source.bindMemory(to: UInt16.self).enumerated() {
        target[index] = UInt8((UInt32(sample) * 255 + 32_767) / 65_535)
      }
    case .sixteen:
      let samples = target.bindMemory(to: UInt16.self)
      for (index, byte) in source.enumerated() { samples[index] = UInt16(byte) * 257 }
    }
  }

  public func restart() throws(ImageFileError) { try source.restart() }
}
