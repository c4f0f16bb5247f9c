/// Pastiche's own letters, drawn for its sheets: strokes of one width with round ends, at a size.
///
/// The grid has 20 units to the size, y up from the baseline: small letters reach 10, capitals,
/// figures and long small letters 14, what hangs down −4.
struct StrokeFont: Sendable {
  typealias Point = SIMD2<Double>

  /// Pixels to the 20 units.
  let size: Double

  /// The width of the pen, in pixels; one at least, as thinner lines turn pale.
  var strokeWidth: Double { max(1, 1.65 * scale) }
  /// Pixels from a baseline to the next.
  var lineHeight: Int { Int((1.4 * size).rounded()) }
  /// Pixels that a capital rises above the baseline.
  var capHeight: Int { Int((rise(14) + strokeWidth / 2).rounded()) }

  private var scale: Double { size / 20 }

  /// Pixels from the pen's place before `text` to that behind it: its characters' advances.
  func width(of text: String) -> Double {
    text.reduce(0) { $0 + Self.glyph($1).advance } * scale
  }

  /// The pen's way for `text`: polylines in pixels, y down.
  ///
  /// - Parameters:
  ///   - x: The place where the first character begins.
  ///   - baseline: The lower edge of letters that stand on the line.
  func strokes(of text: String, x: Double, baseline: Int) -> [[Point]] {
    var strokes: [[Point]] = []
    var pen = x
    for character in text {
      let glyph = Self.glyph(character)
      for stroke in glyph.strokes {
        strokes.append(
          stroke.map { Point(pen + $0.x * scale, Double(baseline) - rise($0.y)) })
      }
      pen += glyph.advance * scale
    }
    return strokes
  }

  /// Pixels from the baseline up to grid height `y`.
  ///
  /// Stretched so that the strokes along the grid's main heights end on whole pixels: small text is
  /// sharp above and below, and its lines are level.
  private func rise(_ y: Double) -> Double {
    let heights = [-4.0, 0, 10, 14]
    let rises = heights.map { height in
      height > 0
        ? (height * scale + strokeWidth).rounded() - strokeWidth / 2
        : (height * scale).rounded() + strokeWidth / 2
    }
    let zone = y < 0 ? 0 : y < 10 ? 1 : 2
    let share = (y - heights[zone]) / (heights[zone + 1] - heights[zone])
    return rises[zone] + share * (rises[zone + 1] - rises[zone])
  }

  private static func glyph(_ character: Character) -> Glyph {
    glyphs[character] ?? character.withoutMarks.flatMap { glyphs[$0] } ?? unknown
  }
}
