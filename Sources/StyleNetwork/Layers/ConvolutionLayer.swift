import StyleModels
import Tensors

/// A convolution with its bias, over reflected borders, of an input that may be enlarged first:
/// `y[o][i][j] = bias[o] + Σ w[o][c][u][v] · x[c][i·s + u − p][j·s + v − p]` for stride s and
/// padding p, x `[C, H, W]` and y `[O, H', W']` as `FeatureMap`s.
///
/// The output is cut into strips of rows and tiles of columns. For each, the input with its halo is
/// gathered into a patch that fits the cache, with the pending norm and ReLU applied and borders
/// and enlargement resolved; then the micro-kernels run over the patch, and moments are measured
/// while the result is at hand.
///
/// Where `WeightPacking` puts several pixels into a block, as for the last layer's three outputs,
/// the kernel is as much wider and the stride as much longer, and y is `[15, H', W'/5]`: blocks
/// that hold five RGB pixels each.
struct ConvolutionLayer: Sendable {
  let description: ConvolutionDescription
  let packing: WeightPacking

  private let kernels: KernelSet
  private let weights: AlignedBuffer
  private let bias: AlignedBuffer

  /// - Parameters:
  ///   - weights: `[O, I, K, K]`, row-major.
  ///   - bias: `[O]`.
  init(
    _ description: ConvolutionDescription, packing: WeightPacking, weights: [Float], bias: [Float],
    kernels: KernelSet
  ) {
    self.description = description
    self.packing = packing
    self.kernels = kernels
    self.weights = packing.packed(weights: weights)
    self.bias = packing.packed(bias: bias)
  }

  func geometry(inputHeight: Int, inputWidth: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(description, inputHeight: inputHeight, inputWidth: inputWidth)
  }

  /// The tiles for one input size, and room for their moments.
  func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    ConvolutionTiling(geometry, packing: packing, inputChannels: description.inputChannels)
  }

  /// Computes rows `rows` of the output.
  ///
  /// - Parameters:
  ///   - rows: Begin at a multiple of `ConvolutionGeometry.stripHeight` and end at one or at the
  ///     output's end.
  ///   - input: Holds at least `geometry.inputRows(for: rows)`.
  ///   - output: Holds at least `rows`; every one of their samples is written.
  ///   - moments: Where those of the strips go, nil where no norm follows.
  ///   - progress: Is told of the multiplications done; parts are left out once it is cancelled.
  func run(
    rows: Range<Int>, _ tiling: ConvolutionTiling, from input: Activation, into output: FeatureMap,
    moments: StripMoments?, scratch: ConvolutionScratch, pool: WorkerPool,
    progress: ExecutionProgress
  ) {
    let strips = tiling.strips(of: rows)
    pool.run(strips.count * tiling.tiles) { index, worker in
      guard !progress.isCancelled else { return }
      let (strip, tile) = index.quotientAndRemainder(dividingBy: tiling.tiles)
      let part = tiling.part(strip: strips.lowerBound + strip, tile: tile)
      let (patch, result) = scratch.buffers(of: worker)
      gather(part, tiling, from: input, into: patch)
      convolve(part, tiling, patch: patch, result: result, into: output, moments: moments)
      progress.advance(by: part.rows.count * part.columns.count * tiling.multiplicationsPerColumn)
    }
  }

  /// Copies a part's input with its halo into `patch`, `[input blocks][rows][columns][lanes]`.
  private func gather(
    _ part: ConvolutionTiling.Part, _ tiling: ConvolutionTiling, from input: Activation,
    into patch: UnsafeMutablePointer<Float>
  ) {
    let lanes = packing.inputLanes
    let affine = input.affine
    tiling.columnTable.withUnsafeBufferPointer { table in
      guard let start = table.baseAddress else { return }
      let columns = start + part.columns.lowerBound * tiling.columnStride
      let width = tiling.patchWidth(part)
      var next = patch
      for block in 0..<packing.inputBlocks {
        for position in tiling.patchRows(part) {
          let row = input.map.row(tiling.geometry.inputRow(at: position), block: block)
          if lanes == FeatureMap.pixelLanes {
            kernels.gatherPixels(next, row, columns, width)
          } else {
            kernels.gatherBlocks(
              next, row, columns, width, affine.scale.start + block * lanes,
              affine.shift.start + block * lanes, affine.floor)
          }
          next += width * lanes
        }
      }
    }
  }

  /// Convolves a patch, pair of output blocks by pair, and keeps what lies inside the output.
  private func convolve(
    _ part: ConvolutionTiling.Part, _ tiling: ConvolutionTiling,
    patch: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    into output: FeatureMap, moments: StripMoments?
  ) {
    let lanes = FeatureMap.blockLanes
    let inputLanes = packing.inputLanes
    let (size, stride) = (description.kernelSize, description.stride)
    let rowStride = tiling.patchWidth(part) * inputLanes
    let patchBlockStride = tiling.patchRows(part).count * rowStride
    let resultRowStride = tiling.computedColumns(part) * lanes
    let resultBlockStride = part.rows.count * resultRowStride
    var weights = weights.start
    for first in Swift.stride(from: 0, to: packing.outputBlocks, by: 2) {
      let pair = min(2, packing.outputBlocks - first)
      for block in 0..<packing.inputBlocks {
        let channels = packing.inputChannels(inBlock: block)
        for row in 0..<part.rows.count {
          kernels.convolveRow(
            result + row * resultRowStride, resultBlockStride, pair, tiling.computedColumns(part),
            block == 0 ? UnsafePointer(bias.start + first * lanes) : nil,
            patch + block * patchBlockStride + row * stride * rowStride,
            rowStride, inputLanes, tiling.columnStride * inputLanes, weights, size,
            packing.kernelWidth, channels)
        }
        weights += size * packing.kernelWidth * channels * pair * lanes
      }
      for block in 0..<pair {
        let samples = result + block * resultBlockStride
        if let moments {
          let (mean, squares) = moments.part(
            strip: part.strip, tile: part.tile, block: first + block)
          kernels.measureMoments(
            mean, squares, samples, resultRowStride, part.rows.count, part.columns.count)
        }
        for (index, row) in part.rows.enumerated() {
          let target = output.row(row, block: first + block) + part.columns.lowerBound * lanes
          target.update(
            from: samples + index * resultRowStride, count: part.columns.count * lanes)
        }
      }
    }
  }
}
