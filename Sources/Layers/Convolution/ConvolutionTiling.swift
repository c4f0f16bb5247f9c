import Tensors

/// The cutting of a convolution's output into parts that are computed at once: strips of rows by
/// tiles of columns, a function of the layer and the input's size alone.
///
/// An algorithm makes a unit of rows and columns at a time, one pixel or the 4×4 of a Winograd tile.
/// Neighbouring units read windows of `reach` positions of the padded input, `step` apart.
package struct ConvolutionTiling: Sendable {
  /// The windows along one direction.
  package struct Windows: Equatable, Sendable {
    /// Rows or columns of the output map made at a time.
    package let unit: Int
    package let step: Int
    package let reach: Int

    /// Positions that `range` of the output map is made of; it begins with a unit.
    package func positions(of range: Range<Int>) -> Range<Int> {
      range.lowerBound / unit * step..<(range.upperBound - 1) / unit * step + reach
    }
  }

  /// One strip of one tile.
  package struct Part {
    package let strip: Int
    package let tile: Int
    package let rows: Range<Int>
    /// Columns of the output map: pixels, or blocks of several.
    package let columns: Range<Int>
    /// Columns with those that kernels compute beside them where the output ends.
    package let computedColumns: Range<Int>
    /// Positions of the padded input that the part is made of.
    package let patchRows: Range<Int>
    package let patchColumns: Range<Int>
  }

  /// The table's entry for no column.
  package static let zero = -1

  package let geometry: ConvolutionGeometry
  /// Columns of the output map.
  package let outputColumns: Int
  /// Columns of a tile, the last one's aside.
  package let tileWidth: Int
  /// Multiplications for a column, by the layer's definition.
  package let multiplicationsPerColumn: Int
  /// The input column at each position of the padded input, and beyond as far as kernels reach; `zero`
  /// where zeros stand.
  package let columnTable: [Int32]

  private let rowWindows: Windows
  private let columnWindows: Windows
  /// Columns that kernels compute at a time.
  private let columnsAtOnce: Int

  /// - Parameters:
  ///   - tileWidth: A multiple of `columnsAtOnce`, which is one of the windows' unit.
  ///   - column: The input column at a position of the padded input, nil where zeros stand.
  package init(
    _ geometry: ConvolutionGeometry, outputColumns: Int, multiplicationsPerColumn: Int,
    rowWindows: Windows, columnWindows: Windows, columnsAtOnce: Int, tileWidth: Int,
    column: (Int) -> Int?
  ) {
    self.geometry = geometry
    self.outputColumns = outputColumns
    self.multiplicationsPerColumn = multiplicationsPerColumn
    self.rowWindows = rowWindows
    self.columnWindows = columnWindows
    self.columnsAtOnce = columnsAtOnce
    self.tileWidth = tileWidth
    let end = (outputColumns + columnsAtOnce - 1) / columnsAtOnce * columnsAtOnce
    columnTable = columnWindows.positions(of: 0..<end).map { Int32(column($0) ?? Self.zero) }
  }

  package var tiles: Int { (outputColumns - 1) / tileWidth + 1 }

  /// The strips that make up `rows`.
  package func strips(of rows: Range<Int>) -> Range<Int> {
    let height = ConvolutionGeometry.stripHeight
    precondition(
      rows.lowerBound % height == 0
        && (rows.upperBound % height == 0 || rows.upperBound == geometry.outputHeight),
      "rows \(rows) begin and end with strips of \(height)")
    return rows.lowerBound / height..<(rows.upperBound + height - 1) / height
  }

  package func part(strip: Int, tile: Int) -> Part {
    let (rows, columns) = (rows(ofStrip: strip), columns(ofTile: tile))
    let computed = (columns.count + columnsAtOnce - 1) / columnsAtOnce * columnsAtOnce
    let computedColumns = columns.lowerBound..<columns.lowerBound + computed
    return Part(
      strip: strip, tile: tile, rows: rows, columns: columns, computedColumns: computedColumns,
      patchRows: rowWindows.positions(of: rows),
      patchColumns: columnWindows.positions(of: computedColumns))
  }

  /// Samples of one channel in a part.
  package func sampleCount(strip: Int, tile: Int) -> Int {
    rows(ofStrip: strip).count * columns(ofTile: tile).count
  }

  /// A part that no other exceeds in any direction.
  package var largestPart: Part { part(strip: 0, tile: 0) }

  private func rows(ofStrip strip: Int) -> Range<Int> {
    let first = strip * ConvolutionGeometry.stripHeight
    return first..<min(first + ConvolutionGeometry.stripHeight, geometry.outputHeight)
  }

  private func columns(ofTile tile: Int) -> Range<Int> {
    tile * tileWidth..<min((tile + 1) * tileWidth, outputColumns)
  }
}
