/// The limits of what a file's header may claim before it is refused, ahead of any memory taken for
/// pixels.
public struct ImageLimits: Equatable, Sendable {
  /// The most pixels, width times height. By default 268,402,689, that is 16,383².
  public var maximumPixels: Int
  /// The longest side in pixels. By default 65,500, which is JPEG's own limit.
  public var maximumSide: Int

  public init(maximumPixels: Int = 268_402_689, maximumSide: Int = 65_500) {
    self.maximumPixels = maximumPixels
    self.maximumSide = maximumSide
  }

  /// Checks a header's claim.
  ///
  /// - Throws: `ImageFileError.tooLong` or `.tooManyPixels`.
  public func check(width: Int, height: Int) throws(ImageFileError) {
    guard max(width, height) <= maximumSide else {
      throw .tooLong(width: width, height: height, maximumSide: maximumSide)
    }
    let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
    guard !overflows, pixels <= maximumPixels else {
      throw .tooManyPixels(width: width, height: height, maximumPixels: maximumPixels)
    }
  }
}
