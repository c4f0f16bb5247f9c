import ImageFiles
import Synchronization

/// A photograph on its way to its stylized self: gives the network its rows and takes the repainted
/// ones, which take the photograph's place or go to a place of their own. Alpha stays as it is.
public final class StylizedImage {
  private let image: StoredImage
  private let painting: StoredImage
  private let stylization: Stylization
  /// The formats of the photograph's rows and of the result's.
  private let photograph: PixelFormat
  private let result: PixelFormat
  /// The colour that the network sees where nothing is visible.
  private let hiddenColor: SIMD3<Float>?
  /// The colour that another contrast leaves alone: it scales about this.
  private let meanColor: SIMD3<Float>
  private let rowsWritten = Atomic<Int>(0)

  /// - Parameters:
  ///   - image: The photograph.
  ///   - stylization: What is done to it.
  ///   - painting: The image of this size whose rows are replaced, with room for rows of `result`; nil
  ///     for the photograph's own.
  ///   - result: The format of the result, 8 bits a sample by default; it has alpha only if the
  ///     photograph has.
  /// - Throws: `ImageFileError` where its rows can't be read.
  public init(
    _ image: StoredImage, _ stylization: Stylization, into painting: StoredImage? = nil,
    result: PixelFormat? = nil
  ) throws(ImageFileError) {
    self.image = image
    self.painting = painting ?? image
    self.stylization = stylization
    photograph = image.pixels
    self.result = result ?? PixelFormat(hasAlpha: photograph.hasAlpha, depth: .eight)
    let needsMean = photograph.hasAlpha || stylization.contrast != 1
    meanColor = needsMean ? try Self.meanVisibleColor(of: image) : .zero
    hiddenColor = photograph.hasAlpha ? meanColor : nil
  }

  private static func meanVisibleColor(of image: StoredImage) throws(ImageFileError)
    -> SIMD3<Float>
  {
    var mean = MeanVisibleColor()
    for y in 0..<image.height {
      try image.withRow(y) { row in mean.add(row, image.pixels) }
    }
    return mean.color
  }

  /// The image's rows for the network, which must be done with them while this object lives. When
  /// all are written the image is the painting.
  public var picture: Picture {
    Picture(
      width: image.width, height: image.height, order: [.readsAny, .writesAny],
      readRow: { [unowned self] y, row throws(ImageFileError) in
        try image.withRow(y) { bytes in
          photograph.readColors(of: bytes, into: &row, hidden: hiddenColor)
        }
        if stylization.contrast != 1 { scale(&row) }
      },
      writeRow: { [unowned self] y, row throws(ImageFileError) in
        try write(row, toRow: y)
        if rowsWritten.add(1, ordering: .acquiringAndReleasing).newValue == image.height {
          painting.finishReplacing(by: result)
        }
      })
  }

  /// Gives a row the contrast, unclamped.
  private func scale(_ row: inout MutableSpan<Float>) {
    for index in row.indices {
      let mean = meanColor[index % 3]
      row[index] = mean + stylization.contrast * (row[index] - mean)
    }
  }

  private func write(_ row: Span<Float>, toRow y: Int) throws(ImageFileError) {
    guard result.hasAlpha || stylization.mixes else {
      return try painting.replaceRow(y, by: result) { target in round(row, into: &target) }
    }
    // The result may go where the photograph's row is.
    var kept = [UInt8](repeating: 0, count: image.bytesPerRow)
    try image.readRow(y, into: &kept)
    let mixed = stylization.mixes ? mix(row, kept) : []
    try painting.replaceRow(y, by: result) { target in
      if result.hasAlpha { keepAlpha(of: kept.span, in: &target) }
      round(stylization.mixes ? mixed.span : row, into: &target)
    }
  }

  /// Makes of a row's pixels and the photograph's what becomes of them.
  private func mix(_ row: Span<Float>, _ kept: [UInt8]) -> [Float] {
    var colors = [Float](repeating: 0, count: 3 * image.width)
    var samples = colors.mutableSpan
    photograph.readColors(of: kept.span, into: &samples)
    for pixel in stride(from: 0, to: samples.count, by: 3) {
      let mixed = stylization.mix(
        SIMD3(row[pixel], row[pixel + 1], row[pixel + 2]),
        SIMD3(samples[pixel], samples[pixel + 1], samples[pixel + 2]))
      for channel in 0..<3 { samples[pixel + channel] = mixed[channel] }
    }
    return colors
  }

  /// Sets a row of the result to the photograph's, in its depth.
  private func keepAlpha(of kept: Span<UInt8>, in target: inout MutableSpan<UInt8>) {
    if photograph == result {
      target.copy(kept)
    } else {
      ConvertedRows.convert(kept, into: &target, depth: result.depth)
    }
  }

  private func round(_ row: Span<Float>, into target: inout MutableSpan<UInt8>) {
    switch result.depth {
    case .eight: round(row, as: UInt8.self, unit: 1, into: &target)
    case .sixteen: round(row, as: UInt16.self, unit: 257, into: &target)
    }
  }

  /// Clamps and rounds a row into samples of which `unit` make one of 0…255.
  ///
  /// The network waits for this: the loop is one that the compiler vectorizes.
  private func round<Sample: FixedWidthInteger>(
    _ row: Span<Float>, as type: Sample.Type, unit: Float, into target: inout MutableSpan<UInt8>
  ) {
    let (width, channels) = (image.width, result.channels)
    target.withUnsafeMutableBytes { bytes in
      let samples = bytes.bindMemory(to: type)
      func rounded(_ value: Float) -> Sample {
        // Where it is no number, as after mixing what is beyond all bounds, that is black.
        let clamped = value > 0 ? (value < 255 ? value : 255) : 0
        return Sample(truncatingIfNeeded: Int32(clamped * unit + 0.5))
      }
      if channels == 3 {
        for index in 0..<3 * width { samples[index] = rounded(row[index]) }
      } else {
        for x in 0..<width {
          for channel in 0..<3 {
            samples[channels * x + channel] = rounded(row[3 * x + channel])
          }
        }
      }
    }
  }
}
