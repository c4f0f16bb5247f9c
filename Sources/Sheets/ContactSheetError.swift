import ImageFiles

/// The reason why a contact sheet can't be drawn.
public enum ContactSheetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A picture file could not hold the sheet.
  case tooLarge(width: Int, height: Int, maximumSide: Int)
  /// One of the sheet's pictures can't be shrunk.
  case picture(ImageFileError)

  public var description: String {
    switch self {
    case .tooLarge(let width, let height, let maximum):
      """
      the sheet would have \(width)x\(height) pixels, but a side may have \(maximum) at most; \
      put fewer pictures on it, or smaller ones
      """
    case .picture(let error): "a picture of the sheet: \(error)"
    }
  }
}
