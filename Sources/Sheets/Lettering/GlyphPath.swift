/// The way of a pen, in words, each a letter and the point it goes to:
///
/// - `M x y` is lifted and set down, `L x y` draws a straight line;
/// - `E x y` draws a quarter of an oval that sets out to the east or west,
///   `N x y` one that sets out to the north or south;
/// - `C x1 y1 x2 y2 x y` draws a cubic Bézier curve;
/// - `D x y` is lifted and makes a dot, a little wider than its strokes.
struct GlyphPath {
  typealias Point = SIMD2<Double>

  /// Polylines, one for every `M` and `D`.
  private(set) var strokes: [[Point]] = []

  /// The place of a quarter's control points along its tangents: 0.552 makes ellipses, more makes
  /// them squarer, which leaves small letters more room inside.
  private static let roundness = 0.58
  /// Lines for a curve: of a quarter 40 pixels wide, none is 0.1 pixels off.
  private static let linesPerCurve = 16

  /// Reads a path; nil where `words` are none.
  init?(_ words: some Sequence<Substring>) {
    var commands: [(letter: Character, numbers: [Double])] = []
    for word in words {
      var number = word
      if let letter = word.first, letter.isLetter {
        commands.append((letter, []))
        number.removeFirst()
      }
      guard let value = Double(number), !commands.isEmpty else { return nil }
      commands[commands.count - 1].numbers.append(value)
    }
    for (letter, numbers) in commands {
      guard numbers.count.isMultiple(of: 2) else { return nil }
      let points = stride(from: 0, to: numbers.count, by: 2).map {
        Point(numbers[$0], numbers[$0 + 1])
      }
      guard perform(letter, points) else { return nil }
    }
  }

  /// Does a command, and tells whether it is one, with the points it takes, and with a start where
  /// it needs one.
  private mutating func perform(_ letter: Character, _ points: [Point]) -> Bool {
    guard let end = points.last, points.count == (letter == "C" ? 3 : 1) else { return false }
    switch (letter, strokes.last?.last) {
    case ("M", _): strokes.append([end])
    case ("D", _): strokes.append(Self.dot(at: end))
    case ("L", _?): strokes[strokes.count - 1].append(end)
    case ("C", let start?): curve(start, points[0], points[1], end)
    case ("E", let start?):
      let way = Self.roundness * (end - start)
      curve(start, start + Point(way.x, 0), end - Point(0, way.y), end)
    case ("N", let start?):
      let way = Self.roundness * (end - start)
      curve(start, start + Point(0, way.y), end - Point(way.x, 0), end)
    default: return false
    }
    return true
  }

  private static func dot(at center: Point) -> [Point] {
    let ring = [Point(1, 0), Point(0, 1), Point(-1, 0), Point(0, -1), Point(1, 0)]
    return ring.map { center + 0.35 * $0 }
  }

  private mutating func curve(_ start: Point, _ first: Point, _ second: Point, _ end: Point) {
    for line in 1...Self.linesPerCurve {
      let t = Double(line) / Double(Self.linesPerCurve)
      let s = 1 - t
      let bent = 3 * s * t * (s * first + t * second)
      strokes[strokes.count - 1].append(s * s * s * start + bent + t * t * t * end)
    }
  }
}
