import StyleModels
import Tensors

/// One layer at work on inputs of one size: the parts of its output, and the memory for what all of
/// them share.
package final class ConvolutionRun: ParallelTask {
  package let layer: ConvolutionLayer
  package let tiling: ConvolutionTiling

  /// The pending norm and ReLU as they are applied while gathering.
  private let affine: ChannelAffine
  /// `[output blocks][16]`.
  private let bias: AlignedBuffer
  private var job: Job?

  /// What the present run works on.
  private struct Job {
    let firstStrip: Int
    let input: FeatureMap
    let output: FeatureMap?
    let moments: StripMoments?
    let scratch: ConvolutionScratch
    let progress: ExecutionProgress
  }

  package init(_ layer: ConvolutionLayer, _ tiling: ConvolutionTiling) {
    self.layer = layer
    self.tiling = tiling
    affine = ChannelAffine(identityOf: layer.description.inputChannels)
    bias = AlignedBuffer(count: layer.algorithm.outputBlocks * FeatureMap.blockLanes)
  }

  /// Computes rows `rows` of the output.
  ///
  /// - Parameters:
  ///   - rows: Begin at a multiple of `ConvolutionGeometry.stripHeight` and end at one or at the
  ///     output's end.
  ///   - input: Holds at least `geometry.inputRows(for: rows)`.
  ///   - output: Holds at least `rows`; every one of their samples is written. Nil where only
  ///     moments are wanted.
  ///   - moments: Where those of the strips go, nil where they are known or no norm follows.
  ///   - progress: Is told of the multiplications done; parts are left out once it is cancelled.
  package func run(
    rows: Range<Int>, from input: Activation, into output: FeatureMap?, moments: StripMoments?,
    scratch: ConvolutionScratch, pool: WorkerPool, progress: ExecutionProgress
  ) {
    affine.set(input.affine, less: layer.isCentered ? input.center : nil)
    layer.setBias(bias, center: input.center)
    scratch.reserve(tiling, for: layer.algorithm)
    let strips = tiling.strips(of: rows)
    job = Job(
      firstStrip: strips.lowerBound, input: input.map, output: output, moments: moments,
      scratch: scratch, progress: progress)
    pool.run(strips.count * tiling.tiles, self)
    job = nil
  }

  package func run(part index: Int, worker: Int) {
    guard let job, !job.progress.isCancelled else { return }
    let (strip, tile) = index.quotientAndRemainder(dividingBy: tiling.tiles)
    let part = tiling.part(strip: job.firstStrip + strip, tile: tile)
    let (patch, scratch) = job.scratch.buffers(of: worker)
    gather(part, from: job.input, into: patch)
    layer.algorithm.compute(part, patch: patch, bias: bias.start, scratch: scratch) {
      keep($0, $1, rowStride: $2, part, into: job.output, job.moments)
    }
    job.progress.advance(
      by: layer.algorithm.multiplications(rows: part.rows.count, columns: part.columns.count))
  }

  /// Copies a part's input with its halo into `patch`, `[input blocks][rows][columns][lanes]`.
  private func gather(
    _ part: ConvolutionTiling.Part, from input: FeatureMap,
    into patch: UnsafeMutablePointer<Float>
  ) {
    let (algorithm, kernels) = (layer.algorithm, layer.kernels)
    let lanes = algorithm.inputLanes
    let width = part.patchColumns.count
    tiling.columnTable.withUnsafeBufferPointer { table in
      guard let start = table.baseAddress else { return }
      let columns = start + part.patchColumns.lowerBound
      var next = patch
      for block in 0..<algorithm.inputBlocks {
        for position in part.patchRows {
          let row = input.row(algorithm.inputRow(at: position, tiling.geometry), block: block)
          if lanes == FeatureMap.pixelLanes {
            kernels.gatherPixels(next, row, columns, width)
          } else {
            kernels.gatherBlocks(
              next, row, columns, width, affine.scale.start + block * lanes,
              affine.shift.start + block * lanes, affine.floor.start + block * lanes)
          }
          next += width * lanes
        }
      }
    }
  }

  /// Measures a block of a part's results and copies what lies inside the output.
  private func keep(
    _ block: Int, _ samples: UnsafePointer<Float>, rowStride: Int,
    _ part: ConvolutionTiling.Part, into output: FeatureMap?, _ moments: StripMoments?
  ) {
    let lanes = FeatureMap.blockLanes
    if let moments {
      let (mean, squares) = moments.part(strip: part.strip, tile: part.tile, block: block)
      layer.kernels.measureMoments(
        mean, squares, samples, rowStride, part.rows.count, part.columns.count)
    }
    guard let output else { return }
    for (index, row) in part.rows.enumerated() {
      let target = output.row(row, block: block) + part.columns.lowerBound * lanes
      target.update(from: samples + index * rowStride, count: part.columns.count * lanes)
    }
  }
}
