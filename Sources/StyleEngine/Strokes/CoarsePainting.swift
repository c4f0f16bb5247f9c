import ImageFiles
import SystemFiles

/// A photograph shrunk, painted, and smoothed a little: what the strokes of a larger picture are
/// made of.
///
/// What nobody sees at its own size shows when it is enlarged: its colours lose their weave
/// (`ColorSmoothing`), and its lightness is blurred by up to σ 0.6, where it is enlarged twice or more.
final class CoarsePainting {
  /// The format of its rows, once it is painted: more than 8 bits, as they are enlarged and added to.
  static let format = PixelFormat(hasAlpha: false, depth: .sixteen)

  /// The photograph, and after the network the painting.
  let image: StoredImage
  private let view: StylizedImage
  private let lightnessSigma: Double

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
      image,
      Stylization(normalization: stylization.normalization, contrast: stylization.contrast),
      result: Self.format)
    lightnessSigma = Self.lightnessSigma * min(1, factor - 1)
  }

  private static let lightnessSigma = 0.6

  /// Bytes that making one takes beside its samples.
  static func workingBytes(width: Int, height: Int, of size: ExecutionPlan.Job.Size) -> Int {
    max(
      ColorSmoothing.byteCount(width: size.width, height: size.height),
      ResizedRows.byteCount(width: width, height: height, to: (size.width, size.height)))
  }

  /// Bytes that its samples take.
  static func sampleBytes(_ size: ExecutionPlan.Job.Size, of photograph: PixelFormat) -> Int {
    StoredImage.byteCount(
      width: size.width, height: size.height, pixels: photograph, replacedBy: format)
  }

  /// The image's rows for the network, as `StylizedImage.picture`.
  var picture: Picture { view.picture.smoothed(lightnessSigma: lightnessSigma) }
}
