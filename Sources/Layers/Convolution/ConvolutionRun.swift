import CKernelArguments
import StyleModels
import Tensors

/// One layer at work on inputs of one size: the parts of its output, and the memory for what all of
/// them share.
package final class ConvolutionRun: ParallelTask {
  package let layer: ConvolutionLayer
  package let tiling: ConvolutionTiling

  /// The pending norm and ReLU as they are applied while gathering.
  private let affine: ChannelAffine
  /// The bias, `[output blocks][16]`.
  private let bias: AlignedBuffer
  private var job: Job?

  /// The work of the present run.
  private struct Job {
    let firstStrip: Int
    let input: FeatureMap
    let output: FeatureMap?
    let moments: StripMoments?
    let memory: PartMemory
    let progress: ExecutionProgress
  }

  package init(_ layer: ConvolutionLayer, _ tiling: ConvolutionTiling) {
    self.layer = layer
    self.tiling = tiling
    affine = ChannelAffine(identityOf: layer.description.convolution.inputChannels)
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
  ///   - moments: The place of the strips' moments, nil where those are known or no norm follows.
  ///   - bias: `[O]`, the layer's own where nil.
  ///   - progress: Is told of the multiplications done; parts are left out once it is cancelled.
  package func run(
    rows: Range<Int>, from input: Activation, into output: FeatureMap?, moments: StripMoments?,
    bias: [Float]? = nil, memory: PartMemory, pool: WorkerPool, progress: ExecutionProgress
  ) {
    affine.set(input.affine, less: layer.isCentered ? input.center : nil)
    layer.setBias(self.bias, to: bias ?? layer.bias, center: input.center)
    memory.reserve(tiling, for: layer.algorithm)
    let strips = tiling.strips(of: rows)
    job = Job(
      firstStrip: strips.lowerBound, input: input.map, output: output, moments: moments,
      memory: memory, progress: progress)
    pool.run(strips.count * tiling.tiles, self)
    job = nil
  }

  package func run(part index: Int, worker: Int) {
    guard let job, !job.progress.isCancelled else { return }
    let (strip, tile) = index.quotientAndRemainder(dividingBy: tiling.tiles)
    let part = tiling.part(strip: job.firstStrip + strip, tile: tile)
    let buffers = job.memory.buffers(of: worker)
    layer.algorithm.compute(
      part,
      from: PartSource(
        part, of: job.input, affine, layer: layer, tiling: tiling, patch: buffers.patch),
      bias: bias.start, workspace: buffers.workspace,
      into: PartTarget(
        part, output: job.output, moments: job.moments, lanes: layer.algorithm.mapLanes,
        spare: buffers.results, kernels: layer.kernels))
    job.progress.advance(
      by: layer.algorithm.multiplications(rows: part.rows.count, columns: part.columns.count))
  }
}
