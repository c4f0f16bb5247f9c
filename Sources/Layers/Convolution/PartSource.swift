import CKernelArguments
import StyleModels
import Tensors

/// What a part's results are made of: the layer's input with its halo, gathered into a worker's patch.
/// Borders are continued there, resampling is resolved, and the norm and ReLU of the layer before are
/// applied.
package struct PartSource {
  private let part: ConvolutionTiling.Part
  private let input: FeatureMap
  private let affine: ChannelAffine
  private let layer: ConvolutionLayer
  private let tiling: ConvolutionTiling
  private let patch: UnsafeMutablePointer<Float>

  /// - Parameter patch: Room for `algorithm.patchBlocks` blocks.
  init(
    _ part: ConvolutionTiling.Part, of input: FeatureMap, _ affine: ChannelAffine,
    layer: ConvolutionLayer, tiling: ConvolutionTiling, patch: UnsafeMutablePointer<Float>
  ) {
    self.part = part
    self.input = input
    self.affine = affine
    self.layer = layer
    self.tiling = tiling
    self.patch = patch
  }

  /// Gathers blocks of the input in the place of those before, at most `algorithm.patchBlocks`.
  ///
  /// - Returns: `[blocks][patch rows][phases][patch columns][lanes]`, or planes.
  func gather(_ blocks: Range<Int>) -> UnsafePointer<Float> {
    // Nothing that is counted is copied for every row: threads would wait for one another.
    let (algorithm, kernels, geometry) = (layer.algorithm, layer.kernels, tiling.geometry)
    let (lanes, phases) = (algorithm.inputLanes, tiling.patch.phases)
    let width = part.patchColumns.count
    let takesMaxima = layer.description.resampling == .maximum
    tiling.columnTable.withUnsafeBufferPointer { table in
      var next = patch
      for block in blocks {
        let affine = affine.block(block)
        for position in part.patchRows {
          defer { next += phases * width * lanes }
          guard let row = algorithm.inputRow(at: position, geometry) else {
            next.update(repeating: 0, count: phases * width * lanes)
            continue
          }
          for phase in 0..<phases {
            let columns = UnsafeBufferPointer(
              rebasing: table[tiling.tablePlaces(part, phase: phase)])
            guard let start = columns.baseAddress else { return }
            if algorithm.gathersPlanes {
              kernels.gatherPlanes(
                .init(
                  output: next + phase * width, outputStride: phases * width,
                  input: input.row(row, block: block), columns: start, count: width,
                  affine: affine))
              continue
            }
            // Zeros stand at the ends alone.
            let first = columns.firstIndex { $0 >= 0 } ?? width
            let end = (columns.lastIndex { $0 >= 0 } ?? -1) + 1
            let (inside, count) = (start + first, max(0, end - first))
            let place = next + phase * width * lanes
            place.update(repeating: 0, count: first * lanes)
            (place + end * lanes).update(repeating: 0, count: (width - end) * lanes)
            guard count > 0 else { continue }
            let output = place + first * lanes
            if lanes == FeatureMap.pixelLanes {
              kernels.gatherPixels(
                .init(
                  output: output, input: input.row(row, block: block), columns: inside,
                  count: count))
            } else if takesMaxima {
              kernels.gatherMaximum(
                .init(
                  output: output, upper: input.row(2 * row, block: block),
                  lower: input.row(2 * row + 1, block: block), columns: inside, count: count,
                  affine: affine))
            } else {
              kernels.gatherBlocks(
                .init(
                  output: output, input: input.row(row, block: block), columns: inside,
                  count: count, affine: affine))
            }
          }
        }
      }
    }
    return UnsafePointer(patch)
  }
}
