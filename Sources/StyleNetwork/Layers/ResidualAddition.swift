import Tensors

/// `y = affine_a(a) + affine_b(b)`: a residual block's convolutions after their norm, and what went
/// around them. All three are `[C, H, W]`.
struct ResidualAddition: Sendable {
  private let kernels: KernelSet

  init(kernels: KernelSet) {
    self.kernels = kernels
  }

  /// Computes rows `rows` of the output from the same rows of both inputs.
  func run(
    rows: Range<Int>, _ a: Activation, _ b: Activation, into output: FeatureMap, pool: WorkerPool
  ) {
    let lanes = FeatureMap.blockLanes
    pool.run(output.blocks * rows.count) { index, _ in
      let (block, row) = index.quotientAndRemainder(dividingBy: rows.count)
      let y = rows.lowerBound + row
      kernels.addBlocks(
        output.row(y, block: block), output.width,
        a.map.row(y, block: block), a.affine.scale.start + block * lanes,
        a.affine.shift.start + block * lanes, a.affine.floor,
        b.map.row(y, block: block), b.affine.scale.start + block * lanes,
        b.affine.shift.start + block * lanes, b.affine.floor)
    }
  }
}
