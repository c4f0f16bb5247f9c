import ImageFiles
import StyleEngine

/// The views of a picture that was done, and its layers.
public struct BatchLooks: Sendable {
  /// Thumbnails, in the depth of the photograph and of the result.
  public let before: Image
  public let after: Image
  /// The record of each norm in order; none where the network wasn't run.
  public let layers: [LayerRecord]
}

extension Image {
  /// Makes a thumbnail of `source`, whose next row must be its first: no larger than `side` on its
  /// longer side.
  init(thumbnailOf source: any RowSource, side: Int) throws(ImageFileError) {
    let info = source.info
    let (width, height) = ResizedRows.size(
      width: info.width, height: info.height, maximumSide: side)
    guard (width, height) != (info.width, info.height) else {
      try self.init(reading: source)
      return
    }
    try self.init(reading: ResizedRows(source, width: width, height: height))
  }
}
