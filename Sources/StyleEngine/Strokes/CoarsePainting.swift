import ImageFiles
import SystemFiles

/// A photograph shrunk, painted, and smoothed a little: what the strokes of a larger picture are
/// made of.
///
/// The network leaves a faint pattern of period 4, in colour above all, which nobody sees at its own
/// size but does enlarged. A blur of σ 1.5 of what is not lightness and of 0.6 of lightness ends it, and
/// leaves strokes and edges.
final class CoarsePainting {
  /// The format of its rows, once it is painted: more than 8 bits, as they are enlarged and added to.
  static let format = PixelFormat(hasAlpha: false, depth: .sixteen)

  /// The photograph, and after the network the painting.
  let image: StoredImage
  private let view: StylizedImage
  private var colorBlur: GaussianBlur
  private var lightnessBlur: GaussianBlur
  private var lightness: [Float]
  private var colorRow: [Float]
  private var lightnessRow: [Float]
  private var nextRow = 0

  /// - Parameters:
  ///   - photograph: The photograph at its own size.
  ///   - factor: How many times larger that is.
  ///   - scratch: A file for the samples; nil to hold them in memory.
  ///   - isCancelled: The question whether to stop, asked at every row.
  /// - Returns: Nil where it was cancelled.
  init?(
    _ photograph: StoredImage, _ size: ExecutionPlan.Job.Size, factor: Double,
    _ stylization: Stylization, scratch: ScratchFile?, unless isCancelled: () -> Bool
  ) throws(ImageFileError) {
    let rows = ResizedRows(StoredRows(photograph), width: size.width, height: size.height)
    image = try StoredImage(
      width: size.width, height: size.height, pixels: photograph.pixels,
      replacedBy: Self.format, scratch: scratch)
    guard try rows.store(in: image, unless: { _ in isCancelled() }) else { return nil }
    view = try StylizedImage(
      image, Stylization(normalization: stylization.normalization), result: Self.format)
    let amount = Self.smoothing(factor: factor)
    colorBlur = GaussianBlur(
      sigma: Self.colorSigma * amount, width: size.width, height: size.height, channels: 3)
    lightnessBlur = GaussianBlur(
      sigma: Self.lightnessSigma * amount, width: size.width, height: size.height, channels: 1,
      lag: colorBlur.radius)
    lightness = [Float](repeating: 0, count: size.width)
    colorRow = [Float](repeating: 0, count: 3 * size.width)
    lightnessRow = lightness
  }

  private static let colorSigma = 1.5
  private static let lightnessSigma = 0.6

  /// The share of the smoothing, which nothing that isn't enlarged needs.
  private static func smoothing(factor: Double) -> Double { min(1, factor - 1) }

  /// Bytes that making one takes beside its samples.
  static func workingBytes(width: Int, height: Int, of size: ExecutionPlan.Job.Size) -> Int {
    let blurs = GaussianBlur.byteCount(
      sigma: colorSigma, width: size.width, height: size.height, channels: 4)
    return max(
      blurs,
      ResizedRows.byteCount(width: width, height: height, to: (size.width, size.height)))
  }

  /// Bytes that its samples take.
  static func sampleBytes(_ size: ExecutionPlan.Job.Size, of photograph: PixelFormat) -> Int {
    StoredImage.byteCount(
      width: size.width, height: size.height, pixels: photograph, replacedBy: format)
  }

  /// The image's rows for the network, as `StylizedImage.picture`.
  var picture: Picture {
    let (own, width) = (view.picture, image.width)
    return Picture(
      width: width, height: image.height, readRow: own.readRow,
      writeRow: { [unowned self] _, row throws(ImageFileError) in
        for x in 0..<width { lightness[x] = Lightness.of(row, x) }
        colorBlur.add(row)
        let light = lightness
        lightnessBlur.add(light.span)
        while nextRow < colorBlur.rowsReady { try writeNextRow(own) }
      })
  }

  private func writeNextRow(_ own: Picture) throws(ImageFileError) {
    colorBlur.blur(nextRow, into: &colorRow)
    lightnessBlur.blur(nextRow, into: &lightnessRow)
    for x in 0..<image.width {
      let difference = lightnessRow[x] - Lightness.of(colorRow.span, x)
      for channel in 0..<3 { colorRow[3 * x + channel] += difference }
    }
    let row = colorRow
    try own.writeRow(nextRow, row.span)
    nextRow += 1
  }
}

/// The lightness of a colour: Y of Y'CbCr (BT.601, as JPEG does).
enum Lightness {
  static let weights = SIMD3<Float>(0.299, 0.587, 0.114)

  /// Computes the lightness of pixel `x` of a row of red, green and blue.
  static func of(_ row: Span<Float>, _ x: Int) -> Float {
    weights.x * row[3 * x] + weights.y * row[3 * x + 1] + weights.z * row[3 * x + 2]
  }
}
