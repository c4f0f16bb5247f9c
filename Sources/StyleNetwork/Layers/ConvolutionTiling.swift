import Tensors

/// How a convolution's output is cut into parts that are computed at once: strips of rows by tiles
/// of columns, a function of the layer and the input's size alone.
struct ConvolutionTiling: Sendable {
  /// Samples of a patch: with its weights and results it stays within a second-level cache of 1 MB.
  private static let patchSamples = 96 * 1024
  /// Kernels compute so many pixels at a time.
  private static let pixelsAtOnce = 8

  /// One strip of one tile.
  struct Part {
    let strip: Int
    let tile: Int
    let rows: Range<Int>
    /// Of the output map: pixels, or blocks of several.
    let columns: Range<Int>
  }

  let geometry: ConvolutionGeometry
  /// Columns of the output map.
  let outputColumns: Int
  /// Columns of a tile, the last one's aside.
  let tileWidth: Int
  /// Positions of the padded input between neighbouring columns of the output map.
  let columnStride: Int
  let multiplicationsPerColumn: Int
  /// The input column at each position of the padded input, and beyond as far as kernels reach.
  let columnTable: [Int32]

  private let kernelWidth: Int
  private let patchSamplesPerColumn: Int

  init(_ geometry: ConvolutionGeometry, packing: WeightPacking, inputChannels: Int) {
    self.geometry = geometry
    kernelWidth = packing.kernelWidth
    columnStride = geometry.stride * packing.columnsPerBlock
    outputColumns = (geometry.outputWidth - 1) / packing.columnsPerBlock + 1
    multiplicationsPerColumn =
      geometry.kernelSize * geometry.kernelSize * inputChannels * packing.outputLanes
    let rows = (ConvolutionGeometry.stripHeight - 1) * geometry.stride + geometry.kernelSize
    patchSamplesPerColumn = packing.inputBlocks * packing.inputLanes * rows
    let columns = (Self.patchSamples / patchSamplesPerColumn - kernelWidth) / columnStride + 1
    tileWidth = max(Self.pixelsAtOnce, columns / Self.pixelsAtOnce * Self.pixelsAtOnce)
    let reach = Self.roundedUp(outputColumns) * columnStride + kernelWidth
    columnTable = (0..<reach).map { Int32(geometry.inputColumn(at: $0)) }
  }

  private static func roundedUp(_ pixels: Int) -> Int {
    (pixels + pixelsAtOnce - 1) / pixelsAtOnce * pixelsAtOnce
  }

  var tiles: Int { (outputColumns - 1) / tileWidth + 1 }

  /// Where the moments of all parts go.
  func moments(channels: Int) -> StripMoments {
    StripMoments(
      heights: (0..<geometry.strips).map { rows(ofStrip: $0).count },
      widths: (0..<tiles).map { columns(ofTile: $0).count }, channels: channels)
  }

  /// The strips that make up `rows`.
  func strips(of rows: Range<Int>) -> Range<Int> {
    let height = ConvolutionGeometry.stripHeight
    precondition(
      rows.lowerBound % height == 0
        && (rows.upperBound % height == 0 || rows.upperBound == geometry.outputHeight),
      "rows \(rows) begin and end with strips of \(height)")
    return rows.lowerBound / height..<(rows.upperBound + height - 1) / height
  }

  func part(strip: Int, tile: Int) -> Part {
    Part(strip: strip, tile: tile, rows: rows(ofStrip: strip), columns: columns(ofTile: tile))
  }

  private func rows(ofStrip strip: Int) -> Range<Int> {
    let first = strip * ConvolutionGeometry.stripHeight
    return first..<min(first + ConvolutionGeometry.stripHeight, geometry.outputHeight)
  }

  private func columns(ofTile tile: Int) -> Range<Int> {
    tile * tileWidth..<min((tile + 1) * tileWidth, outputColumns)
  }

  /// Columns that kernels compute for a part: more than it has where the output ends.
  func computedColumns(_ part: Part) -> Int {
    Self.roundedUp(part.columns.count)
  }

  /// Rows of the padded input that a part is made of.
  func patchRows(_ part: Part) -> Range<Int> {
    part.rows.lowerBound * geometry.stride..<(part.rows.upperBound - 1) * geometry.stride
      + geometry.kernelSize
  }

  /// Columns of the padded input that a part's computed columns are made of.
  func patchWidth(_ part: Part) -> Int {
    (computedColumns(part) - 1) * columnStride + kernelWidth
  }

  /// Samples of the largest patch.
  var patchCount: Int {
    patchSamplesPerColumn * ((largestComputedColumns - 1) * columnStride + kernelWidth)
  }

  /// Samples of the largest result of a pair of output blocks.
  var resultCount: Int {
    2 * FeatureMap.blockLanes * ConvolutionGeometry.stripHeight * largestComputedColumns
  }

  private var largestComputedColumns: Int {
    min(tileWidth, Self.roundedUp(outputColumns))
  }
}
