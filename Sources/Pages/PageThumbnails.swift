import ImageFiles

/// The size of the pictures on a page: the more, the smaller, so that one of 500 stays below 40 MB.
public struct PageThumbnails: Sendable {
  /// The longer side of a thumbnail.
  public let side: Int
  /// The most bytes of one thumbnail, where lower quality can keep it.
  private let maximumBytes: Int

  public init(pictures: Int) {
    side =
      switch pictures {
      case ...1: 960
      case ...20: 480
      case ...500: 320
      case ...2000: 160
      default: 96
      }
    maximumBytes = 12_000_000 / max(pictures, 1)
  }

  public func encoded(_ image: Image) throws(ImageFileError) -> PageImage {
    var quality = 78
    while true {
      let encoded = try PageImage(encoding: image, quality: quality)
      if encoded.bytes.count <= maximumBytes || quality < 10 { return encoded }
      quality = quality * 2 / 3
    }
  }
}
