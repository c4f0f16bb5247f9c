/// The rows of another source at another size, by Lanczos-3 (see `LanczosTaps`) on the samples as
/// they are, without regard to gamma.
///
/// Colours count by their alpha: c = Σ w·a·c / Σ w·a, so that what is not seen does not bleed; where
/// alpha comes out as 0, colour does, too. It takes memory for a band of rows, as high as the filter.
public final class ResizedRows: RowSource {
  public let info: ImageInfo

  private let source: any RowSource
  /// A pixel is red, green, blue and alpha, the colours times alpha where there is alpha.
  private var band: LanczosBand
  private var pixels: [SIMD4<Float>]
  private var sourceRow: [UInt8]
  private var nextRow = 0

  /// - Precondition: `source` is at its first row, and `width` and `height` are at least 1.
  public init(_ source: any RowSource, width: Int, height: Int) {
    precondition(width >= 1 && height >= 1, "width and height are at least 1")
    var info = source.info
    band = LanczosBand(
      across: LanczosTaps(sourceCount: info.width, targetCount: width),
      down: LanczosTaps(sourceCount: info.height, targetCount: height))
    pixels = [SIMD4<Float>](repeating: .zero, count: info.width)
    sourceRow = [UInt8](repeating: 0, count: info.bytesPerRow)
    info.width = width
    info.height = height
    self.info = info
    self.source = source
  }

  /// Bytes that making rows of another size takes.
  public static func byteCount(width: Int, height: Int, to target: (width: Int, height: Int)) -> Int
  {
    let pixel = MemoryLayout<SIMD4<Float>>.stride
    let band = min(height, LanczosTaps.stride(sourceCount: height, targetCount: target.height))
    let taps = [(width, target.width), (height, target.height)].reduce(0) { sum, side in
      let weights = LanczosTaps.stride(sourceCount: side.0, targetCount: side.1)
      return sum
        + side.1 * (weights * MemoryLayout<Float>.stride + MemoryLayout<Range<Int>>.stride)
    }
    // The band, a row of sums, and of the source one of pixels and one of bytes.
    return (band + 1) * target.width * pixel + width * (pixel + 8) + taps
  }

  /// The size of a picture whose longer side is `maximumSide` at most; never larger than it was.
  public static func size(width: Int, height: Int, maximumSide: Int) -> (width: Int, height: Int) {
    let longer = max(width, height)
    guard longer > maximumSide else { return (width, height) }
    func shrunk(_ side: Int) -> Int { max(1, (2 * side * maximumSide + longer) / (2 * longer)) }
    return (shrunk(width), shrunk(height))
  }

  /// `source` itself, or shrunk where a side is longer than `maximumSide`.
  public static func shrunk(_ source: any RowSource, maximumSide: Int) -> any RowSource {
    let (width, height) = size(
      width: source.info.width, height: source.info.height, maximumSide: maximumSide)
    if (width, height) == (source.info.width, source.info.height) { return source }
    return ResizedRows(source, width: width, height: height)
  }

  public var metadata: ImageMetadata { source.metadata }
  public var notes: [ImageNote] { source.notes }

  public func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    while !band.isReady(for: nextRow) { try readSourceRow() }
    var sums = [SIMD4<Float>](repeating: .zero, count: info.width)
    band.makeLine(nextRow, into: &sums)
    switch info.pixels.depth {
    case .eight: store(sums, as: UInt8.self, into: &row)
    case .sixteen: store(sums, as: UInt16.self, into: &row)
    }
    nextRow += 1
  }

  public func restart() throws(ImageFileError) {
    try source.restart()
    band.restart()
    nextRow = 0
  }

  /// Reads the next source row and resizes it across.
  private func readSourceRow() throws(ImageFileError) {
    try source.readRow(into: &sourceRow)
    switch info.pixels.depth {
    case .eight: Self.load(sourceRow, of: info.pixels, as: UInt8.self, into: &pixels)
    case .sixteen: Self.load(sourceRow, of: info.pixels, as: UInt16.self, into: &pixels)
    }
    band.append(pixels)
  }

  /// A row's samples as pixels, colours times alpha.
  private static func load<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ row: [UInt8], of format: PixelFormat, as type: Sample.Type, into pixels: inout [SIMD4<Float>]
  ) {
    let (channels, hasAlpha) = (format.channels, format.hasAlpha)
    let row = row.span
    var pixels = pixels.mutableSpan
    func sample(_ index: Int) -> Float { Float(row.sample(index, as: type)) }
    for x in pixels.indices {
      let first = x * channels
      var pixel = SIMD4(sample(first), sample(first + 1), sample(first + 2), 0)
      if hasAlpha {
        let alpha = sample(first + 3)
        pixel *= alpha
        pixel.w = alpha
      }
      pixels[x] = pixel
    }
  }

  /// Rounds a finished row's samples.
  private func store<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ sums: [SIMD4<Float>], as _: Sample.Type, into row: inout MutableSpan<UInt8>
  ) {
    let (channels, hasAlpha) = (info.pixels.channels, info.pixels.hasAlpha)
    let maximum = Float(Sample.max)
    for (x, sum) in sums.enumerated() {
      let alpha = sum.w.clamped(to: 0...maximum).rounded()
      let pixel = !hasAlpha ? sum : alpha == 0 ? .zero : sum / sum.w
      for channel in 0..<3 {
        let value = pixel[channel].clamped(to: 0...maximum).rounded()
        row.setSample(x * channels + channel, to: Sample(truncatingIfNeeded: Int32(value)))
      }
      if hasAlpha {
        row.setSample(x * channels + 3, to: Sample(truncatingIfNeeded: Int32(alpha)))
      }
    }
  }
}

extension Float {
  fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
