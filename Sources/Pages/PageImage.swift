import ImageFiles

/// An encoded picture that a page shows.
public struct PageImage: Equatable, Sendable {
  public let format: ImageFormat
  /// The bytes of the file.
  public let bytes: [UInt8]
  /// The size, in pixels.
  public let width, height: Int

  /// - Precondition: the sides are positive.
  public init(_ format: ImageFormat, bytes: [UInt8], width: Int, height: Int) {
    precondition(width > 0 && height > 0, "the sides are positive")
    self.format = format
    self.bytes = bytes
    self.width = width
    self.height = height
  }

  /// A picture as JPEG, over white where it has alpha.
  ///
  /// - Parameters:
  ///   - image: The picture.
  ///   - quality: The same as in `EncodingOptions`.
  /// - Throws: `ImageFileError.unfit`, `.outOfMemory`.
  public init(encoding image: Image, quality: Int = 78) throws(ImageFileError) {
    let bytes = try ImageFile.encoded(
      image.converted(to: .eight), as: .jpeg, options: EncodingOptions(quality: quality))
    self.init(.jpeg, bytes: bytes, width: image.width, height: image.height)
  }

  /// - Parameter alt: The description in words, for those who don't see it.
  func element(alt: String) -> HTML {
    """
    <img width="\(width)" height="\(height)" alt="\(alt)" decoding="async"
    src="data:image/\(format.rawValue);base64,\(base64: bytes)">
    """
  }
}
