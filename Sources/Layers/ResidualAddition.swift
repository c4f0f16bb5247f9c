import CKernelArguments
import Tensors

/// `y = affine_a(a) + affine_b(b)`: a residual block's convolutions after their norm, and what went
/// around them. All three are `[C, H, W]`.
package final class ResidualAddition: ParallelTask {
  private let kernels: KernelSet
  /// The operands of the present run.
  private var operands: (rows: Range<Int>, a: Activation, b: Activation, output: FeatureMap)?

  package init(kernels: KernelSet) {
    self.kernels = kernels
  }

  /// Computes rows `rows` of the output from the same rows of both inputs.
  package func run(
    rows: Range<Int>, _ a: Activation, _ b: Activation, into output: FeatureMap, pool: WorkerPool
  ) {
    operands = (rows, a, b, output)
    let height = ConvolutionGeometry.stripHeight
    pool.run((rows.count + height - 1) / height * output.blocks, self)
    operands = nil
  }

  /// Adds a strip of rows of a block of channels.
  package func run(part index: Int, worker: Int) {
    guard let (rows, a, b, output) = operands else { return }
    let (strip, block) = index.quotientAndRemainder(dividingBy: output.blocks)
    let first = rows.lowerBound + strip * ConvolutionGeometry.stripHeight
    for y in first..<min(first + ConvolutionGeometry.stripHeight, rows.upperBound) {
      kernels.addBlocks(
        .init(
          output: output.row(y, block: block), count: output.width,
          a: a.map.row(y, block: block), aAffine: a.affine.block(block),
          b: b.map.row(y, block: block), bAffine: b.affine.block(block)))
    }
  }
}
