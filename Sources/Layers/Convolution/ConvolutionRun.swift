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
    gather(part, from: job.input, into: buffers.patch)
    layer.algorithm.compute(
      part, patch: buffers.patch, bias: bias.start, workspace: buffers.workspace,
      into: PartTarget(
        part, output: job.output, moments: job.moments, lanes: layer.algorithm.mapLanes,
        spare: buffers.results, kernels: layer.kernels))
    job.progress.advance(
      by: layer.algorithm.multiplications(rows: part.rows.count, columns: part.columns.count))
  }

  /// Copies a part's input with its halo into `patch`, in the order that the algorithm wants.
  private func gather(
    _ part: ConvolutionTiling.Part, from input: FeatureMap,
    into patch: UnsafeMutablePointer<Float>
  ) {
    // Nothing that is counted is copied for every row: threads would wait for one another.
    let (algorithm, kernels, geometry) = (layer.algorithm, layer.kernels, tiling.geometry)
    let (lanes, phases) = (algorithm.inputLanes, tiling.patch.phases)
    let width = part.patchColumns.count
    let takesMaxima = layer.description.resampling == .maximum
    tiling.columnTable.withUnsafeBufferPointer { table in
      var next = patch
      for block in 0..<algorithm.inputBlocks {
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
  }
}
