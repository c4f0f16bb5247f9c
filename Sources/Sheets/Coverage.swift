/// The share of each pixel that a pen with a round tip covers, 0…1.
///
/// A pixel whose centre is at distance d from the nearest stroke has `w/2 + 1/2 − d`, clamped: the
/// covered share, but for the bend of the stroke's edge within the pixel.
struct Coverage {
  typealias Point = SIMD2<Double>

  /// The pixels that may be covered.
  let bounds: Rectangle
  /// The shares of `bounds`' rows from top to bottom.
  private(set) var values: [Float]

  /// - Parameters:
  ///   - strokes: Polylines in pixels, y down; one of a single point is a dot.
  ///   - width: The pen's, in pixels.
  ///   - clip: No pixel outside of it is looked at.
  /// - Complexity: The pixels of the segments' bounding boxes.
  init(of strokes: [[Point]], width: Double, clip: Rectangle) {
    let reach = width / 2 + 0.5
    let points = strokes.joined()
    bounds = Self.box(around: points, reach: reach).intersection(clip)
    values = [Float](repeating: 0, count: bounds.width * bounds.height)
    for stroke in strokes {
      for (from, to) in zip(stroke, stroke.count > 1 ? stroke.dropFirst() : stroke[...]) {
        draw(from: from, to: to, reach: reach)
      }
    }
  }

  private mutating func draw(from: Point, to: Point, reach: Double) {
    let box = Self.box(around: [from, to], reach: reach).intersection(bounds)
    let along = to - from
    let squaredLength = (along * along).sum()
    for y in box.rows {
      for x in box.columns {
        let toPixel = Point(Double(x) + 0.5, Double(y) + 0.5) - from
        let share = squaredLength > 0 ? (toPixel * along).sum() / squaredLength : 0
        let offset = toPixel - along * min(max(share, 0), 1)
        let coverage = Float(min(max(reach - (offset * offset).sum().squareRoot(), 0), 1))
        let index = (y - bounds.y) * bounds.width + x - bounds.x
        values[index] = max(values[index], coverage)
      }
    }
  }

  private static func box(around points: some Sequence<Point>, reach: Double) -> Rectangle {
    var least = Point(repeating: .infinity)
    var most = -least
    for point in points {
      least = pointwiseMin(least, point)
      most = pointwiseMax(most, point)
    }
    guard least.x <= most.x else { return Rectangle(x: 0, y: 0, width: 0, height: 0) }
    let first = SIMD2<Int>((least - reach).rounded(.down))
    let size = SIMD2<Int>((most + reach).rounded(.up)) &- first
    return Rectangle(x: first.x, y: first.y, width: size.x, height: size.y)
  }
}
