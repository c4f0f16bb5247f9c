/// The rows of another source, in sRGB instead of the colours that they have.
public final class ColorConvertedRows: RowSource {
  private let source: any RowSource
  private let transform: ColorTransform?

  /// - Parameter source: Rows in the colours that their metadata tell.
  public init(inSRGB source: any RowSource) {
    self.source = source
    transform = ColorTransform.between(source.metadata.colorSpace, .sRGB, source.info.pixels)
  }

  /// Whether rows come as the source has them.
  var isIdentity: Bool { transform?.isIdentity ?? true }

  public var info: ImageInfo { source.info }
  public var metadata: ImageMetadata { source.metadata }
  public var notes: [ImageNote] { source.notes }

  public func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    try source.readRow(into: &row)
    transform?.apply(to: &row)
  }

  public func restart() throws(ImageFileError) { try source.restart() }
}
