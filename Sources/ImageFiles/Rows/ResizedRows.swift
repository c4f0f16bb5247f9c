/// The rows of another source at another size, by Lanczos-3 (see `LanczosTaps`) on the samples as
/// they are, without regard to gamma.
///
/// Colours count by their alpha: c = Σ w·a·c / Σ w·a, so that what is not seen does not bleed; where
/// alpha comes out as 0, colour does, too. It takes memory for a band of rows, as high as the filter.
public final class ResizedRows: RowSource {
  public let info: ImageInfo

  private let source: any RowSource
  private let across: LanczosTaps
  private let down: LanczosTaps
  /// Source row y, resized across, is in `band[y % band.count]`. A pixel is red, green, blue and
  /// alpha, the colours times alpha where there is alpha.
  private var band: [[SIMD4<Float>]]
  private var pixels: [SIMD4<Float>]
  private var sums: [SIMD4<Float>]
  private var sourceRow: [UInt8]
  private var rowsRead = 0
  private var nextRow = 0

  /// - Precondition: `source` is at its first row, and `width` and `height` are at least 1.
  public init(_ source: any RowSource, width: Int, height: Int) {
    precondition(width >= 1 && height >= 1, "width and height are at least 1")
    var info = source.info
    across = LanczosTaps(sourceCount: info.width, targetCount: width)
    down = LanczosTaps(sourceCount: info.height, targetCount: height)
    pixels = [SIMD4<Float>](repeating: .zero, count: info.width)
    sourceRow = [UInt8](repeating: 0, count: info.bytesPerRow)
    let highest = down.ranges.map(\.count).max() ?? 1
    sums = [SIMD4<Float>](repeating: .zero, count: width)
    band = Array(repeating: [SIMD4<Float>](repeating: .zero, count: width), count: highest)
    info.width = width
    info.height = height
    self.info = info
    self.source = source
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

  public func readRow(into row: UnsafeMutableRawBufferPointer) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    let range = down.ranges[nextRow]
    while rowsRead < range.upperBound { try readSourceRow() }
    sums.withUnsafeMutableBufferPointer { sums in
      sums.update(repeating: .zero)
      for y in range {
        let weight = down.weights[nextRow * down.stride + y - range.lowerBound]
        band[y % band.count].withUnsafeBufferPointer { filtered in
          for x in sums.indices { sums[x] += weight * filtered[x] }
        }
      }
    }
    switch info.pixels.depth {
    case .eight: store(as: UInt8.self, into: row)
    case .sixteen: store(as: UInt16.self, into: row)
    }
    nextRow += 1
  }

  public func restart() throws(ImageFileError) {
    try source.restart()
    rowsRead = 0
    nextRow = 0
  }

  /// Reads the next source row and resizes it across.
  private func readSourceRow() throws(ImageFileError) {
    try withMutableBytes(of: &sourceRow, 0..<sourceRow.count, source.readRow(into:))
    switch info.pixels.depth {
    case .eight: load(UInt8.self)
    case .sixteen: load(UInt16.self)
    }
    band[rowsRead % band.count].withUnsafeMutableBufferPointer { filtered in
      pixels.withUnsafeBufferPointer { pixels in
        across.weights.withUnsafeBufferPointer { weights in
          for x in filtered.indices {
            var sum = SIMD4<Float>.zero
            var tap = x * across.stride
            for from in across.ranges[x] {
              sum += weights[tap] * pixels[from]
              tap += 1
            }
            filtered[x] = sum
          }
        }
      }
    }
    rowsRead += 1
  }

  /// The source row's samples as pixels, colours times alpha.
  private func load<Sample: UnsignedInteger & FixedWidthInteger>(_: Sample.Type) {
    let (channels, hasAlpha) = (info.pixels.channels, info.pixels.hasAlpha)
    sourceRow.withUnsafeBytes { bytes in
      let samples = bytes.assumingMemoryBound(to: Sample.self)
      pixels.withUnsafeMutableBufferPointer { pixels in
        for x in pixels.indices {
          let first = x * channels
          var pixel = SIMD4<Float>(
            Float(samples[first]), Float(samples[first + 1]), Float(samples[first + 2]), 0)
          if hasAlpha {
            let alpha = Float(samples[first + 3])
            pixel *= alpha
            pixel.w = alpha
          }
          pixels[x] = pixel
        }
      }
    }
  }

  /// Rounds the finished row's samples.
  private func store<Sample: UnsignedInteger & FixedWidthInteger>(
    as _: Sample.Type, into row: UnsafeMutableRawBufferPointer
  ) {
    let (channels, hasAlpha) = (info.pixels.channels, info.pixels.hasAlpha)
    let samples = row.assumingMemoryBound(to: Sample.self)
    let maximum = Float(Sample.max)
    for (x, sum) in sums.enumerated() {
      let alpha = sum.w.clamped(to: 0...maximum).rounded()
      let pixel = !hasAlpha ? sum : alpha == 0 ? .zero : sum / sum.w
      for channel in 0..<3 {
        samples[x * channels + channel] =
          Sample(pixel[channel].clamped(to: 0...maximum).rounded())
      }
      if hasAlpha { samples[x * channels + 3] = Sample(alpha) }
    }
  }
}

extension Float {
  fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
