import Tensors

@testable import Layers

extension ConvolutionLayer {
  /// Computes rows `rows` of the output, as `ConvolutionRun` does.
  func run(
    rows: Range<Int>, _ tiling: ConvolutionTiling, from input: Activation, into output: FeatureMap?,
    moments: StripMoments?, memory: PartMemory, pool: WorkerPool,
    progress: ExecutionProgress
  ) {
    ConvolutionRun(self, tiling).run(
      rows: rows, from: input, into: output, moments: moments, memory: memory, pool: pool,
      progress: progress)
  }
}
