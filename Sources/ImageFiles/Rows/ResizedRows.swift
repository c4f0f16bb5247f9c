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

  public var metadata: ImageMetadata { source.metadata }
  public var notes: [ImageNote] { source.notes }

  public func readRow(into row: UnsafeMutableRawBufferPointer) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    let range = down.ranges[nextRow]
    while rowsRead < range.upperBound { try readSourceRow() }
    var sums = [SIMD4<Float>](repeating: .zero, count: info.width)
    for y in range {
      let weight = down.weights[nextRow * down.stride + y - range.lowerBound]
      let filtered = band[y % band.count]
      for x in sums.indices { sums[x] += weight * filtered[x] }
    }
    store(sums, into: row)
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
    load()
    let slot = rowsRead % band.count
    for x in 0..<info.width {
      var sum = SIMD4<Float>.zero
      var tap = x * across.stride
      for from in across.ranges[x] {
        sum += across.weights[tap] * pixels[from]
        tap += 1
      }
      band[slot][x] = sum
    }
    rowsRead += 1
  }

  /// The source row's samples, colours times alpha.
  private func load() {
    let format = info.pixels
    sourceRow.withUnsafeBytes { bytes in
      func sample(_ index: Int) -> Float {
        switch format.depth {
        case .eight: Float(bytes[index])
        case .sixteen: Float(bytes.load(fromByteOffset: 2 * index, as: UInt16.self))
        }
      }
      for x in pixels.indices {
        let first = x * format.channels
        let colour = SIMD4(sample(first), sample(first + 1), sample(first + 2), 0)
        if format.hasAlpha {
          let alpha = sample(first + 3)
          pixels[x] = colour * alpha
          pixels[x].w = alpha
        } else {
          pixels[x] = colour
        }
      }
    }
  }

  /// Rounds the finished row's samples.
  private func store(_ sums: [SIMD4<Float>], into row: UnsafeMutableRawBufferPointer) {
    let format = info.pixels
    let maximum = Float(1 << format.depth.rawValue - 1)
    func put(_ value: Float, _ index: Int) {
      let rounded = min(max(value, 0), maximum).rounded()
      switch format.depth {
      case .eight: row[index] = UInt8(rounded)
      case .sixteen:
        row.storeBytes(of: UInt16(rounded), toByteOffset: 2 * index, as: UInt16.self)
      }
    }
    for x in sums.indices {
      let first = x * format.channels
      var pixel = sums[x]
      if format.hasAlpha {
        let alpha = min(max(pixel.w, 0), maximum).rounded()
        pixel = alpha == 0 ? .zero : pixel / pixel.w
        put(alpha, first + 3)
      }
      for channel in 0..<3 { put(pixel[channel], first + channel) }
    }
  }
}
