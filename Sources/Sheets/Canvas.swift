import ImageFiles

/// A picture to draw on, 8-bit RGB. What lies outside of it is passed over.
package struct Canvas {
  /// Red, green and blue, 0…255.
  package typealias Color = SIMD3<UInt8>

  enum Alignment {
    case left, center, right
  }

  private(set) var image: Image

  /// - Precondition: `width` and `height` are not negative.
  init(width: Int, height: Int, color: Color) {
    let row = (0..<3 * width).map { color[$0 % 3] }
    image = Image(
      width: width, height: height, pixels: PixelFormat(),
      bytes: Array(repeatElement(row, count: height).joined()))
  }

  private var bounds: Rectangle {
    Rectangle(x: 0, y: 0, width: image.width, height: image.height)
  }

  mutating func fill(_ rectangle: Rectangle, _ color: Color) {
    let visible = rectangle.intersection(bounds)
    for y in visible.rows {
      for x in visible.columns { self[x, y] = color }
    }
  }

  /// Draws `picture`, over white where it has alpha.
  ///
  /// - Parameters:
  ///   - x, y: Where its upper left corner goes.
  ///   - scale: Pixels across and down for each of its own.
  mutating func draw(_ picture: Image, x left: Int, y top: Int, scale: Int = 1) {
    let picture = picture.converted(to: .eight)
    let channels = picture.pixels.channels
    let area = Rectangle(
      x: left, y: top, width: picture.width * scale, height: picture.height * scale)
    let visible = area.intersection(bounds)
    for y in visible.rows {
      let row = picture.row((y - top) / scale)
      for x in visible.columns {
        let first = row.startIndex + (x - left) / scale * channels
        let color = Color(row[first], row[first + 1], row[first + 2])
        let alpha = channels == 4 ? row[first + 3] : 255
        self[x, y] = Self.mix(color, over: Color(repeating: 255), Float(alpha) / 255)
      }
    }
  }

  /// Draws `text` on one line.
  ///
  /// - Parameters:
  ///   - x: The text's left end, middle or right end, as `alignment` says.
  ///   - baseline: The row above which letters stand.
  mutating func draw(
    _ text: String, _ font: StrokeFont, x: Double, baseline: Int, color: Color,
    alignment: Alignment = .left
  ) {
    let width = font.width(of: text)
    let left =
      switch alignment {
      case .left: x
      case .center: x - width / 2
      case .right: x - width
      }
    draw(
      font.strokes(of: text, x: left, baseline: baseline), width: font.strokeWidth, color: color)
  }

  /// Draws lines with round ends.
  ///
  /// - Parameters:
  ///   - strokes: Polylines in pixels, y down.
  ///   - width: The width of the lines, in pixels.
  mutating func draw(_ strokes: [[SIMD2<Double>]], width: Double, color: Color) {
    let coverage = Coverage(of: strokes, width: width, clip: bounds)
    var values = coverage.values.makeIterator()
    for y in coverage.bounds.rows {
      for x in coverage.bounds.columns {
        guard let value = values.next(), value > 0 else { continue }
        self[x, y] = Self.mix(color, over: self[x, y], value)
      }
    }
  }

  private subscript(x: Int, y: Int) -> Color {
    get {
      let first = 3 * (y * image.width + x)
      return Color(image.bytes[first], image.bytes[first + 1], image.bytes[first + 2])
    }
    set {
      let first = 3 * (y * image.width + x)
      for channel in 0..<3 { image.bytes[first + channel] = newValue[channel] }
    }
  }

  /// Mixes `share` of `color` and the rest of `ground`.
  private static func mix(_ color: Color, over ground: Color, _ share: Float) -> Color {
    let (color, ground) = (SIMD3<Float>(color), SIMD3<Float>(ground))
    return Color((ground + share * (color - ground)).rounded(.toNearestOrAwayFromZero))
  }
}
