import CKernelArguments
import Tensors

/// Where a part's results go: into the output map itself where they are all wanted, and elsewhere
/// into a worker's memory, of which what lies inside the output is copied. Either way their moments
/// are measured while they are at hand.
package struct PartTarget {
  /// Rows of blocks of results, `[blocks][rows][columns][16]`, or of pixels, `[rows][columns][4]`.
  package struct Place {
    package let start: UnsafeMutablePointer<Float>
    package let blockStride: Int
    package let rowStride: Int
  }

  private let part: ConvolutionTiling.Part
  private let output: FeatureMap?
  private let moments: StripMoments?
  private let kernels: KernelSet
  private let lanes: Int
  /// The first column of block 0 in the output; nil where results go into the worker's memory.
  private let inPlace: UnsafeMutablePointer<Float>?
  private let spare: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - output: Nil where only moments are wanted.
  ///   - lanes: Lanes of the output's blocks.
  ///   - spare: Memory for the results of two blocks.
  init(
    _ part: ConvolutionTiling.Part, output: FeatureMap?, moments: StripMoments?, lanes: Int,
    spare: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    self.part = part
    self.output = output
    self.moments = moments
    self.lanes = lanes
    self.spare = spare
    self.kernels = kernels
    inPlace = output.flatMap { output in
      guard part.rows == part.computedRows, part.columns == part.computedColumns else { return nil }
      // A ring's rows may begin again at its top amid the part.
      let first = output.row(part.rows.lowerBound)
      guard output.row(part.rows.upperBound - 1) == first + (part.rows.count - 1) * output.rowCount
      else { return nil }
      return first + part.columns.lowerBound * lanes
    }
  }

  /// Samples of `spare`.
  static func spareCount(_ tiling: ConvolutionTiling, lanes: Int) -> Int {
    let part = tiling.largestPart
    return 2 * part.computedRows.count * part.computedColumns.count * lanes
  }

  /// Finds the place of two blocks' results, the first of an even number.
  func place(ofPairAt block: Int) -> Place {
    if let inPlace, let output {
      let blockStride = output.width * lanes
      return Place(
        start: inPlace + block * blockStride, blockStride: blockStride, rowStride: output.rowCount)
    }
    let rowStride = part.computedColumns.count * lanes
    return Place(
      start: spare, blockStride: part.computedRows.count * rowStride, rowStride: rowStride)
  }

  /// Takes the results of blocks, the first of an even number, that stand in their place.
  func finish(_ blocks: Range<Int>) {
    let place = place(ofPairAt: blocks.lowerBound)
    for block in blocks {
      let samples = place.start + (block - blocks.lowerBound) * place.blockStride
      if let moments {
        let (mean, squares) = moments.part(strip: part.strip, tile: part.tile, block: block)
        kernels.measureMoments(
          .init(
            mean: mean, squares: squares, input: samples, inputRowStride: place.rowStride,
            rows: part.rows.count, columns: part.columns.count))
      }
      guard let output, inPlace == nil else { continue }
      for (index, row) in part.rows.enumerated() {
        let target = output.row(row, block: block) + part.columns.lowerBound * lanes
        target.update(from: samples + index * place.rowStride, count: part.columns.count * lanes)
      }
    }
  }
}
