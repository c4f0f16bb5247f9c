/// The rows of a picture in memory.
public final class ImageRows: RowSource {
  public let info: ImageInfo
  private let image: Image
  private var nextRow = 0

  /// - Parameters:
  ///   - image: The picture whose rows these are.
  ///   - format: The format of the file, as `info` gives it.
  public init(_ image: Image, format: ImageFormat = .png) {
    self.image = image
    info = ImageInfo(
      format: format, width: image.width, height: image.height, pixels: image.pixels,
      heldBytes: image.bytes.count)
  }

  public func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    let line = image.row(nextRow)
    row.copy(line.span)
    nextRow += 1
  }

  public func restart() { nextRow = 0 }
}
