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
    /// Rows with those that kernels compute below them where the output ends.
    package let computedRows: Range<Int>
    /// Columns of the output map: pixels, or blocks of several.
    package let columns: Range<Int>
    /// Columns with those that kernels compute beside them where the output ends.
    package let computedColumns: Range<Int>
    /// Positions of the padded input that the part is made of.
    package let patchRows: Range<Int>
    /// Those of each phase, whose number is the position over the number of phases.
    package let patchColumns: Range<Int>
  }

  /// The order of a patch's columns.
  package struct PatchColumns: Equatable, Sendable {
    /// Columns are dealt out by their remainder modulo this: first all of remainder 0.
    package let phases: Int
    /// Columns of a phase are a multiple of this.
    let atOnce: Int

    static let sideBySide = PatchColumns(phases: 1, atOnce: 1)
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
  /// The input column at each position of the padded input, phase by phase, and beyond as far as
  /// kernels reach; `zero` where zeros stand.
  package private(set) var columnTable: [Int32] = []
  package let patch: PatchColumns
  private var phaseCount = 0

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
    patch: PatchColumns = .sideBySide, column: (Int) -> Int?
  ) {
    self.geometry = geometry
    self.outputColumns = outputColumns
    self.multiplicationsPerColumn = multiplicationsPerColumn
    self.rowWindows = rowWindows
    self.columnWindows = columnWindows
    self.columnsAtOnce = columnsAtOnce
    self.tileWidth = tileWidth
    self.patch = patch
    phaseCount = (0..<tiles).reduce(0) {
      max($0, patchColumns(of: Self.filled(columns(ofTile: $1), unit: columnsAtOnce)).upperBound)
    }
    columnTable = (0..<patch.phases * phaseCount).map { index in
      let (phase, place) = index.quotientAndRemainder(dividingBy: phaseCount)
      return Int32(column(place * patch.phases + phase) ?? Self.zero)
    }
  }

  /// The places in `columnTable` of one phase of a part's patch.
  package func tablePlaces(_ part: Part, phase: Int) -> Range<Int> {
    let start = phase * phaseCount
    return start + part.patchColumns.lowerBound..<start + part.patchColumns.upperBound
  }

  private func patchColumns(of columns: Range<Int>) -> Range<Int> {
    let positions = columnWindows.positions(of: columns)
    let count = (positions.count + patch.phases - 1) / patch.phases
    let first = positions.lowerBound / patch.phases
    return first..<first + (count + patch.atOnce - 1) / patch.atOnce * patch.atOnce
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
    let computedRows = Self.filled(rows, unit: rowWindows.unit)
    let computedColumns = Self.filled(columns, unit: columnsAtOnce)
    return Part(
      strip: strip, tile: tile, rows: rows, computedRows: computedRows, columns: columns,
      computedColumns: computedColumns,
      patchRows: rowWindows.positions(of: rows),
      patchColumns: patchColumns(of: computedColumns))
  }

  /// The range with what fills up the last unit.
  private static func filled(_ range: Range<Int>, unit: Int) -> Range<Int> {
    range.lowerBound..<range.lowerBound + (range.count + unit - 1) / unit * unit
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
