/// A character as a pen draws it, on the grid of `StrokeFont`.
struct Glyph: Sendable {
  /// The pen's centre: polylines, x to the right of where the character begins, y up from the
  /// baseline; one of a single point is a dot.
  let strokes: [[SIMD2<Double>]]
  /// The distance from where the character begins to where the next one does.
  let advance: Double

  /// - Parameter line: A line of the font's table without its character: the space left and right
  ///   of the strokes, then the path as in `GlyphPath`. Nil where it is anything else.
  init?(_ line: some Sequence<Substring>) {
    let words = Array(line)
    guard words.count > 2, let left = Double(words[0]), let right = Double(words[1]),
      let path = GlyphPath(words[2...])
    else { return nil }
    let across = path.strokes.joined().map(\.x)
    guard let least = across.min(), let most = across.max() else { return nil }
    strokes = path.strokes.map { $0.map { $0 + SIMD2(left - least, 0) } }
    advance = left + most - least + right
  }

  /// Makes a character without strokes.
  init(space advance: Double) {
    strokes = []
    self.advance = advance
  }
}
