import ImageFiles

/// Takes the weave out of a painting's colours: a pattern of period 4 that strides and enlargements
/// leave, in what isn't lightness above all. It shows as cloth at close sight, and enlarged as rows of
/// coloured dots.
///
/// `blurred(x, σ 1.5) + Y(blurred(x, σ)) − Y(blurred(x, σ 1.5))`: colour is blurred, and lightness as
/// much as is asked for. Strokes and edges stay, as the eye finds both in lightness. x is the painting
/// as it can be seen, within 0…255.
struct ColorSmoothing {
  private var colors: GaussianBlur
  private var lightness: GaussianBlur
  private var nextRow = 0

  // A row of each.
  private var visible: [Float]
  private var light: [Float]
  private var color: [Float]

  private static let colorSigma = 1.5

  /// - Parameter lightnessSigma: The blur of lightness; 0 for none.
  init(width: Int, height: Int, lightnessSigma: Double = 0) {
    precondition(lightnessSigma <= Self.colorSigma, "lightness is blurred no more than colour")
    colors = GaussianBlur(sigma: Self.colorSigma, width: width, height: height, channels: 3)
    lightness = GaussianBlur(
      sigma: lightnessSigma, width: width, height: height, channels: 1, lag: colors.radius)
    visible = [Float](repeating: 0, count: 3 * width)
    light = [Float](repeating: 0, count: width)
    color = [Float](repeating: 0, count: 3 * width)
  }

  /// Bytes that it takes.
  static func byteCount(width: Int, height: Int) -> Int {
    GaussianBlur.byteCount(sigma: colorSigma, width: width, height: height, channels: 4)
      + 10 * width * MemoryLayout<Float>.stride
  }

  /// Adds the next row of a painting, `3 · width` samples.
  ///
  /// - Parameter write: Is handed each row that is complete by that.
  mutating func add(
    _ row: Span<Float>, write: (_ y: Int, _ row: Span<Float>) throws(ImageFileError) -> Void
  ) throws(ImageFileError) {
    Self.clamp(row, into: &visible)
    let seen = visible
    Lightness.set(&light, of: seen.span)
    colors.add(seen.span)
    let lights = light
    lightness.add(lights.span)
    while nextRow < colors.rowsReady {
      colors.blur(nextRow, into: &color)
      lightness.blur(nextRow, into: &light)
      let kept = light
      Self.set(kept.span, of: &color)
      let smooth = color
      try write(nextRow, smooth.span)
      nextRow += 1
    }
  }

  private static func clamp(_ row: Span<Float>, into target: inout [Float]) {
    var target = target.mutableSpan
    for index in target.indices { target[index] = min(max(row[index], 0), 255) }
  }

  /// Gives colours another lightness.
  private static func set(_ light: Span<Float>, of color: inout [Float]) {
    var color = color.mutableSpan
    for x in light.indices {
      let own = Lightness.of(color.span, x)
      for channel in 0..<3 { color[3 * x + channel] += light[x] - own }
    }
  }
}

extension Picture {
  /// The picture with the weave taken out of what is written, and lightness blurred by so much.
  func smoothed(lightnessSigma: Double = 0) -> Picture {
    let (write, width, height) = (writeRow, width, height)
    // There while rows are written: those of one picture of a batch at a time.
    var smoothing: ColorSmoothing?
    return Picture(
      width: width, height: height, order: order.subtracting(.writesAny), readRow: readRow,
      writeRow: { y, row throws(ImageFileError) in
        if y == 0 {
          smoothing = ColorSmoothing(
            width: width, height: height, lightnessSigma: lightnessSigma)
        }
        try smoothing?.add(row, write: write)
        if y == height - 1 { smoothing = nil }
      })
  }
}

/// The lightness of a colour: Y of Y'CbCr (BT.601, as JPEG does).
enum Lightness {
  static let weights = SIMD3<Float>(0.299, 0.587, 0.114)

  /// Computes the lightness of pixel `x` of a row of red, green and blue.
  static func of(_ row: Span<Float>, _ x: Int) -> Float {
    weights.x * row[3 * x] + weights.y * row[3 * x + 1] + weights.z * row[3 * x + 2]
  }

  /// Sets a row of lightness to that of colours as they can be seen, within 0…255.
  static func set(_ target: inout [Float], of row: Span<Float>) {
    var target = target.mutableSpan
    func visible(_ index: Int) -> Float { min(max(row[index], 0), 255) }
    for x in target.indices {
      let color = SIMD3(visible(3 * x), visible(3 * x + 1), visible(3 * x + 2))
      target[x] = (color * weights).sum()
    }
  }
}
