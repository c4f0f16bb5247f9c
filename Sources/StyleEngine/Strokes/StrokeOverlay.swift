import ImageFiles

/// Lays what is finer than its strokes over a coarse painting that is enlarged to a picture's size.
///
/// `enlarged + share · (fine − blurred)`: what is finer is the lightness of a fine picture less its
/// Gaussian blur of σ = √(F² − 1), which passes what the coarse painting has, too; at F = 1 that leaves
/// nothing. Colour has no part in it: there the network leaves a pattern of a few pixels.
final class StrokeOverlay {
  private let detail: Brush.Detail
  private let enlarged: ResizedRows
  private var blur: GaussianBlur
  /// The lightness of the fine picture's row y is in `kept[y % kept.count]`.
  private var kept: [[Float]]
  private var nextRow = 0

  // A row of each.
  private var bytes: [UInt8]
  private var sum: [Float]
  private var blurred: [Float]

  /// - Parameter factor: How many times larger the picture is than the painting.
  init(
    _ painting: StoredImage, width: Int, height: Int, factor: Double, detail: Brush.Detail
  ) {
    self.detail = detail
    enlarged = ResizedRows(StoredRows(painting), width: width, height: height)
    blur = GaussianBlur(
      sigma: Self.sigma(factor, detail), width: width, height: height, channels: 1)
    blurred = [Float](repeating: 0, count: width)
    kept = Array(repeating: blurred, count: min(height, blur.radius + 1))
    bytes = [UInt8](repeating: 0, count: CoarsePainting.format.bytesPerRow(width: width))
    sum = [Float](repeating: 0, count: 3 * width)
  }

  private static func sigma(_ factor: Double, _ detail: Brush.Detail) -> Double {
    detail == .none ? 0 : (factor * factor - 1).squareRoot()
  }

  /// Rows and columns on each side that telling what is finer looks at.
  static func radius(factor: Double, detail: Brush.Detail) -> Int {
    GaussianBlur.radius(sigma: sigma(factor, detail))
  }

  /// The share of what is finer that is laid over.
  private static func share(_ detail: Brush.Detail) -> Float {
    switch detail {
    case .painted: 1
    case .photo: 0.6
    case .none: 0
    }
  }

  /// Bytes that it takes.
  static func byteCount(
    width: Int, height: Int, from size: ExecutionPlan.Job.Size, factor: Double,
    detail: Brush.Detail
  ) -> Int {
    let sigma = sigma(factor, detail)
    let kept = min(height, GaussianBlur.radius(sigma: sigma) + 1)
    return GaussianBlur.byteCount(sigma: sigma, width: width, height: height, channels: 1)
      + (kept + 6) * width * MemoryLayout<Float>.stride
      + ResizedRows.byteCount(width: size.width, height: size.height, to: (width, height))
  }

  /// Adds the next row of the fine picture, `3 · width` samples: of the one painted at its own size, or
  /// of the photograph.
  ///
  /// - Parameter write: Is handed each row that is complete by that.
  func add(
    _ row: Span<Float>, write: (_ y: Int, _ row: Span<Float>) throws(ImageFileError) -> Void
  ) throws(ImageFileError) {
    let place = blur.rowsAdded % kept.count
    Lightness.set(&kept[place], of: row)
    let line = kept[place]
    blur.add(line.span)
    while nextRow < blur.rowsReady { try writeNextRow(write) }
  }

  private func writeNextRow(
    _ write: (_ y: Int, _ row: Span<Float>) throws(ImageFileError) -> Void
  ) throws(ImageFileError) {
    try enlarged.readRow(into: &bytes)
    let stored = bytes
    var colors = sum.mutableSpan
    CoarsePainting.format.readColors(of: stored.span, into: &colors)
    blur.blur(nextRow, into: &blurred)
    let fine = kept[nextRow % kept.count]
    Self.add(fine.span, less: blurred.span, times: Self.share(detail), to: &sum)
    let row = sum
    try write(nextRow, row.span)
    nextRow += 1
  }

  private static func add(
    _ fine: Span<Float>, less blurred: Span<Float>, times share: Float, to sum: inout [Float]
  ) {
    var sum = sum.mutableSpan
    precondition(sum.count == 3 * fine.count && blurred.count == fine.count, "rows of one width")
    for x in fine.indices {
      let finer = share * (fine[unchecked: x] - blurred[unchecked: x])
      for channel in 0..<3 { sum[unchecked: 3 &* x &+ channel] += finer }
    }
  }
}
