import CKernelArguments
import Layers
import Tensors

/// The Gram matrix of a map's features, `G = F Fᵀ / (H · W)` for F `[C, H · W]`: which features stand
/// together, wherever they do. Features near the edges may be left out, and H and W count those within.
///
/// A block of channels takes the place of pixels, another's samples that of weights, and a strip of
/// rows that of the kernel. Sums are Float over a strip, and Double over all, from top to bottom.
///
/// Paper: Gatys, Ecker and Bethge 2016, "Image Style Transfer Using Convolutional Neural Networks".
final class GramMatrix: ParallelTask {
  private let kernels: KernelSet
  private let pool: WorkerPool
  private let channels, margin, height, width: Int
  private let columns: [Int32]
  /// A strip's features of each worker, `[blocks][rows][W][16]`.
  private let memory: [AlignedBuffer]
  /// The sums of each strip, `[strips][pairs of blocks][16][16]`.
  private let sums: AlignedBuffer
  private var input: Activation?

  private static let blockArea = FeatureMap.blockLanes * FeatureMap.blockLanes

  /// - Parameters:
  ///   - height: The map's, as its width: more than twice the margin.
  ///   - margin: The features at each edge that are left out.
  init(
    channels: Int, height: Int, width: Int, margin: Int = 0, kernels: KernelSet, pool: WorkerPool
  ) {
    precondition(min(height, width) > 2 * margin, "there are features within the margin")
    self.kernels = kernels
    self.pool = pool
    (self.channels, self.margin) = (channels, margin)
    let (height, width) = (height - 2 * margin, width - 2 * margin)
    (self.height, self.width) = (height, width)
    columns = (Int32(margin)..<Int32(margin + width)).map(\.self)
    memory = (0..<pool.workers).map { _ in
      AlignedBuffer(
        count: FeatureMap.sampleCount(
          channels: channels, width: width, rows: ConvolutionGeometry.stripHeight))
    }
    let blocks = FeatureMap.blockCount(channels: channels)
    let strips = (height + ConvolutionGeometry.stripHeight - 1) / ConvolutionGeometry.stripHeight
    sums = AlignedBuffer(count: strips * blocks * (blocks + 1) / 2 * Self.blockArea)
  }

  private var blocks: Int { FeatureMap.blockCount(channels: channels) }
  private var pairs: Int { blocks * (blocks + 1) / 2 }
  private var strips: Int { sums.count / (pairs * Self.blockArea) }

  /// The place of a pair of blocks, the second no less than the first.
  private func pair(_ first: Int, _ second: Int) -> Int { second * (second + 1) / 2 + first }

  /// Computes the matrix, `[C, C]` row by row.
  func values(of activation: Activation) -> [Double] {
    input = activation
    pool.run(strips, self)
    input = nil
    var whole = [Double](repeating: 0, count: pairs * Self.blockArea)
    for strip in 0..<strips {
      let part = sums.start + strip * whole.count
      for index in whole.indices { whole[index] += Double(part[index]) }
    }
    let (lanes, scale) = (FeatureMap.blockLanes, 1 / Double(area))
    var matrix = [Double](repeating: 0, count: channels * channels)
    for first in 0..<channels {
      for second in first..<channels {
        let place = pair(first / lanes, second / lanes) * Self.blockArea
        let value = scale * whole[place + first % lanes * lanes + second % lanes]
        matrix[first * channels + second] = value
        matrix[second * channels + first] = value
      }
    }
    return matrix
  }

  /// How many features there are within the margin.
  var area: Int { height * width }

  /// Sets the gradient by features in the margin to 0.
  func clearMargin(of gradient: FeatureMap) {
    guard margin > 0 else { return }
    let lanes = FeatureMap.blockLanes
    for block in 0..<blocks {
      for y in 0..<gradient.height {
        let row = gradient.row(y, block: block)
        guard (margin..<margin + height).contains(y) else {
          row.update(repeating: 0, count: gradient.width * lanes)
          continue
        }
        row.update(repeating: 0, count: margin * lanes)
        (row + (margin + width) * lanes).update(repeating: 0, count: margin * lanes)
      }
    }
  }

  /// A strip: its features behind norm and activation, and what they come to.
  func run(part strip: Int, worker: Int) {
    guard let input else { return }
    let (lanes, blocks) = (FeatureMap.blockLanes, blocks)
    let first = strip * ConvolutionGeometry.stripHeight
    let rows = first..<min(first + ConvolutionGeometry.stripHeight, height)
    let features = memory[worker].start
    let blockStride = rows.count * width * lanes
    let gather = kernels.gatherBlocks
    columns.withUnsafeBufferPointer { columns in
      guard let start = columns.baseAddress else { return }
      for block in 0..<blocks {
        let affine = input.affine.block(block)
        for row in rows {
          gather(
            .init(
              output: features + block * blockStride + (row - first) * width * lanes,
              input: input.map.row(row + margin, block: block), columns: start, count: width,
              affine: affine))
        }
      }
    }
    let place = sums.start + strip * pairs * Self.blockArea
    place.update(repeating: 0, count: pairs * Self.blockArea)
    for first in 0..<blocks {
      for second in stride(from: first, to: blocks, by: 2) {
        let target = pair(first, second)
        kernels.convolveRow(
          .init(
            output: place + target * Self.blockArea,
            outputBlockStride: (pair(first, second + 1) - target) * Self.blockArea,
            blocks: min(2, blocks - second), pixels: lanes, bias: nil,
            input: features + first * blockStride, inputRowStride: 0, inputColumnStride: lanes,
            inputPixelStride: 1, weights: features + second * blockStride, weightStride: lanes,
            weightBlockStride: blockStride, kernelHeight: 1, kernelWidth: rows.count * width,
            channels: 1))
      }
    }
  }
}
