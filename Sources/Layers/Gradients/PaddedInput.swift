import CKernelArguments
import StyleModels
import Tensors

/// A layer's input as its convolution sees it: normalized, enlarged and padded, `[C, H + p, W + p]`.
package final class PaddedInput: ParallelTask {
  private let geometry: ConvolutionGeometry
  private let kernels: KernelSet
  private let pool: WorkerPool
  private let columns: [Int32]
  private var job: (input: Activation, output: FeatureMap)?

  /// - Parameter width: The padded input's.
  /// - Precondition: No zeros are padded.
  package init(
    _ geometry: ConvolutionGeometry, width: Int, kernels: KernelSet, pool: WorkerPool
  ) {
    self.geometry = geometry
    self.kernels = kernels
    self.pool = pool
    columns = (0..<width).map { Int32(geometry.inputColumn(at: $0) ?? 0) }
  }

  package func run(_ input: Activation, into output: FeatureMap) {
    job = (input, output)
    pool.run(output.height, self)
    job = nil
  }

  /// A row.
  package func run(part row: Int, worker: Int) {
    guard let (input, output) = job else { return }
    columns.withUnsafeBufferPointer { columns in
      guard let start = columns.baseAddress else { return }
      for block in 0..<output.blocks {
        let target = output.row(row, block: block)
        guard let source = geometry.inputRow(at: row) else {
          target.update(repeating: 0, count: columns.count * FeatureMap.blockLanes)
          continue
        }
        kernels.gatherBlocks(
          .init(
            output: target, input: input.map.row(source, block: block), columns: start,
            count: columns.count, affine: input.affine.block(block)))
      }
    }
  }
}
