import ImageFiles

@testable import Sheets

extension Image {
  /// A picture of one colour.
  static func solid(_ width: Int, _ height: Int, _ color: Canvas.Color) -> Image {
    Canvas(width: width, height: height, color: color).image
  }

  /// The colour of a pixel of an 8-bit RGB picture.
  func color(_ x: Int, _ y: Int) -> Canvas.Color {
    let first = y * bytesPerRow + 3 * x
    return Canvas.Color(bytes[first], bytes[first + 1], bytes[first + 2])
  }
}
