import ImageFiles
import StyleEngine

/// What there is to see of a picture that was done.
public struct BatchLooks: Sendable {
  /// Small, in the depth of the photograph and of the result.
  public let before: Image
  public let after: Image
  /// Of each norm in order; none where the network wasn't run.
  public let layers: [LayerRecord]
}

extension Image {
  /// What `source` gives from its next row, which must be its first, no larger than this on its
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
