import ImageFiles

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

  // A row of each.
  private var photographRow: [UInt8]
  private var resultRow: [UInt8]
  /// The photograph mixed with the network's, where they are.
  private var colors: [Float]

  /// - Parameters:
  ///   - image: The photograph.
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
    photographRow = [UInt8](repeating: 0, count: image.bytesPerRow)
    resultRow = [UInt8](repeating: 0, count: self.result.bytesPerRow(width: image.width))
    colors = [Float](repeating: 0, count: stylization.mixes ? 3 * image.width : 0)
    let needsMean = photograph.hasAlpha || stylization.contrast != 1
    meanColor = needsMean ? try Self.meanVisibleColor(of: image) : .zero
    hiddenColor = photograph.hasAlpha ? meanColor : nil
  }

  private static func meanVisibleColor(of image: StoredImage) throws(ImageFileError)
    -> SIMD3<Float>
  {
    var mean = MeanVisibleColor()
    var row = [UInt8](repeating: 0, count: image.bytesPerRow)
    for y in 0..<image.height {
      try image.readRow(y, into: &row)
      mean.add(row.span, image.pixels)
    }
    return mean.color
  }

  /// The image's rows for the network, which must be done with them while this object lives. When
  /// all are written the image is the painting.
  public var picture: Picture {
    Picture(
      width: image.width, height: image.height,
      readRow: { [unowned self] y, row throws(ImageFileError) in
        try image.readRow(y, into: &photographRow)
        let bytes = photographRow
        photograph.readColors(of: bytes.span, into: &row, hidden: hiddenColor)
        if stylization.contrast != 1 { scale(&row) }
      },
      writeRow: { [unowned self] y, row throws(ImageFileError) in
        if y == 0 { painting.beginReplacing(with: result) }
        try write(row, toRow: y)
        if y == image.height - 1 { painting.finishReplacing() }
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
    if result.hasAlpha || stylization.mixes { try image.readRow(y, into: &photographRow) }
    if result.hasAlpha { keepAlpha() }
    if stylization.mixes {
      mix(row)
      round(colors.span)
    } else {
      round(row)
    }
    let bytes = resultRow
    try painting.writeRow(y, bytes.span)
  }

  /// Sets `colors` to what becomes of a row's pixels and the photograph's.
  private func mix(_ row: Span<Float>) {
    var samples = colors.mutableSpan
    photograph.readColors(of: photographRow.span, into: &samples)
    for pixel in stride(from: 0, to: colors.count, by: 3) {
      let mixed = stylization.mix(
        SIMD3(row[pixel], row[pixel + 1], row[pixel + 2]),
        SIMD3(colors[pixel], colors[pixel + 1], colors[pixel + 2]))
      for channel in 0..<3 { colors[pixel + channel] = mixed[channel] }
    }
  }

  /// Sets the result's row to the photograph's, in its depth.
  private func keepAlpha() {
    if photograph == result {
      resultRow = photographRow
    } else {
      ConvertedRows.convert(photographRow, into: &resultRow, depth: result.depth)
    }
  }

  private func round(_ row: Span<Float>) {
    switch result.depth {
    case .eight: round(row, as: UInt8.self, unit: 1)
    case .sixteen: round(row, as: UInt16.self, unit: 257)
    }
  }

  /// Clamps and rounds a row into samples of which `unit` make one of 0…255.
  ///
  /// The network waits for this: the loop is one that the compiler vectorizes.
  private func round<Sample: FixedWidthInteger>(
    _ row: Span<Float>, as type: Sample.Type, unit: Float
  ) {
    let (width, channels) = (image.width, result.channels)
    resultRow.withUnsafeMutableBytes { bytes in
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
