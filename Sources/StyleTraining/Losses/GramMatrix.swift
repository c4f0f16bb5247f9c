import CKernelArguments
import Layers
import Tensors

/// The Gram matrix of a map's features, `G = F Fᵀ / (H · W)` for F `[C, H · W]`: which features stand
/// together, wherever they do.
///
/// A block of channels takes the place of pixels, another's samples that of weights, and a row that of
/// the kernel. Sums are Float over 12 rows, and Double over all.
///
/// Paper: Gatys, Ecker and Bethge 2016, "Image Style Transfer Using Convolutional Neural Networks".
final class GramMatrix: ParallelTask {
  private let kernels: KernelSet
  private let pool: WorkerPool
  private let memory: [AlignedBuffer]
  private let features: FeatureMap
  private var input: Activation?
  /// `[blocks][blocks][16][16]`, the lower left half.
  private let sums: UnsafeMutablePointer<Double>
  private let count: Int
  private let columns: [Int32]

  init(channels: Int, height: Int, width: Int, kernels: KernelSet, pool: WorkerPool) {
    self.kernels = kernels
    self.pool = pool
    features = .map(channels: channels, height: height, width: width)
    columns = (0..<Int32(width)).map(\.self)
    memory = (0..<pool.workers).map { _ in
      AlignedBuffer(count: FeatureMap.blockLanes * FeatureMap.blockLanes)
    }
    count = features.blocks * features.blocks * FeatureMap.blockLanes * FeatureMap.blockLanes
    sums = .allocate(capacity: count)
  }

  deinit { sums.deallocate() }

  /// Computes the matrix, `[C, C]` row by row.
  func values(of activation: Activation) -> [Double] {
    input = activation
    pool.run(features.height) { row, _ in gather(row) }
    sums.update(repeating: 0, count: count)
    let pairs = features.blocks * (features.blocks + 1) / 2
    pool.run(pairs, self)
    let (channels, lanes) = (features.channels, FeatureMap.blockLanes)
    let scale = 1 / Double(features.height * features.width)
    return (0..<channels * channels).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: channels)
      let (upper, lower) = (min(row, column), max(row, column))
      let block = lower / lanes * features.blocks + upper / lanes
      return scale * sums[(block * lanes + lower % lanes) * lanes + upper % lanes]
    }
  }

  /// Copies a row behind norm and activation.
  private func gather(_ row: Int) {
    guard let input else { return }
    columns.withUnsafeBufferPointer { columns in
      guard let start = columns.baseAddress else { return }
      for block in 0..<features.blocks {
        kernels.gatherBlocks(
          .init(
            output: features.row(row, block: block), input: input.map.row(row, block: block),
            columns: start, count: features.width, affine: input.affine.block(block)))
      }
    }
  }

  /// A block of the matrix.
  func run(part index: Int, worker: Int) {
    // The row of the half matrix that the part is in, and its place there.
    var (lower, upper) = (0, index)
    while upper > lower {
      upper -= lower + 1
      lower += 1
    }
    let (lanes, count) = (FeatureMap.blockLanes, FeatureMap.blockLanes * FeatureMap.blockLanes)
    let strip = memory[worker].start
    let whole = sums + (lower * features.blocks + upper) * count
    for top in stride(from: 0, to: features.height, by: ConvolutionGeometry.stripHeight) {
      strip.update(repeating: 0, count: count)
      for row in top..<min(top + ConvolutionGeometry.stripHeight, features.height) {
        kernels.convolveRow(
          .init(
            output: strip, outputBlockStride: count, blocks: 1, pixels: lanes, bias: nil,
            input: features.row(row, block: lower), inputRowStride: 0, inputColumnStride: lanes,
            inputPixelStride: 1, weights: features.row(row, block: upper), kernelHeight: 1,
            kernelWidth: features.width, channels: 1))
      }
      for place in 0..<count { whole[place] += Double(strip[place]) }
    }
  }
}
