import CKernelArguments
import StyleModels
import Tensors

/// The gradient by a convolution's weights by its definition.
///
/// It is `convolveRow` with the roles turned: 16 input channels take the place of pixels, the gradient
/// that of weights, and a strip's rows and columns that of the kernel's. Where the input is the
/// picture, a row's taps and channels lie side by side in the pixels and take the channels' place
/// together. Work is split by inputs and outputs, never by samples: each sum is one worker's.
final class DirectWeightGradient: WeightGradientAlgorithm, ParallelTask {
  private let layer: ConvolutionLayer
  private let geometry: ConvolutionGeometry
  private let pool: WorkerPool
  private let isPicture: Bool
  private let inputBlocks: Int
  private let outputBlocks: Int
  /// Samples that take the pixels' place: 16 channels, or a row's taps and lanes rounded up to 8.
  private let across: Int
  /// The input column at each position, −1 where zeros stand.
  private let columns: [Int32]
  private let memory: [(patch: AlignedBuffer, gradient: AlignedBuffer)]
  /// `[pairs][input blocks][K][K or 1][blocks][across][16]`.
  private let sums: AlignedBuffer
  private var job: (input: Activation, gradient: FeatureMap)?

  init(_ layer: ConvolutionLayer, _ geometry: ConvolutionGeometry, pool: WorkerPool) {
    self.layer = layer
    self.geometry = geometry
    self.pool = pool
    let convolution = layer.description.convolution
    let size = convolution.kernelSize
    isPicture = layer.description.input == .picture
    inputBlocks = isPicture ? 1 : FeatureMap.blockCount(channels: convolution.inputChannels)
    outputBlocks = FeatureMap.blockCount(channels: convolution.outputChannels)
    across =
      isPicture ? (size * FeatureMap.pixelLanes + 7) / 8 * 8 : FeatureMap.blockLanes
    let positions = (geometry.outputWidth - 1) * convolution.stride + size
    columns = (0..<positions).map { Int32(geometry.inputColumn(at: $0) ?? -1) }
    let rows = (ConvolutionGeometry.stripHeight - 1) * convolution.stride + size
    let lanes = isPicture ? FeatureMap.pixelLanes : FeatureMap.blockLanes
    // The last pixels' place goes beyond the last taps.
    let patch = rows * positions * lanes + across
    let gradient =
      ConvolutionGeometry.stripHeight * geometry.outputWidth * 2 * FeatureMap.blockLanes
    memory = (0..<pool.workers).map { _ in
      let patch = AlignedBuffer(count: patch)
      patch.start.update(repeating: 0, count: patch.count)
      return (patch, AlignedBuffer(count: gradient))
    }
    let taps = isPicture ? size : size * size
    sums = AlignedBuffer(
      count: inputBlocks * outputBlocks * taps * across * FeatureMap.blockLanes)
    clear()
  }

  /// Begins anew.
  func clear() {
    sums.start.update(repeating: 0, count: sums.count)
  }

  /// Adds an image's.
  ///
  /// - Parameters:
  ///   - input: The layer's input `[I, H, W]`.
  ///   - gradient: The gradient by its output `[O, H', W']`.
  func add(_ input: Activation, _ gradient: FeatureMap) {
    job = (input, gradient)
    pool.run((outputBlocks + 1) / 2 * inputBlocks * parts, self)
    job = nil
  }

  /// Parts of a pair of output blocks and an input block: a picture's has one block alone, so that its
  /// kernel rows are parts.
  private var parts: Int { isPicture ? layer.description.convolution.kernelSize : 1 }

  /// A pair of output blocks by an input block.
  func run(part index: Int, worker: Int) {
    guard let (input, gradient) = job else { return }
    let convolution = layer.description.convolution
    let (size, step, lanes) = (convolution.kernelSize, convolution.stride, FeatureMap.blockLanes)
    let (block, part) = index.quotientAndRemainder(dividingBy: parts)
    let (pairIndex, inputBlock) = block.quotientAndRemainder(dividingBy: inputBlocks)
    let first = 2 * pairIndex
    let pair = min(2, outputBlocks - first)
    let kernelRows = isPicture ? part..<part + 1 : 0..<size
    let kernelColumns = isPicture ? 1 : size
    let inputLanes = isPicture ? FeatureMap.pixelLanes : lanes
    let rowStride = columns.count * inputLanes
    let (patch, packed) = memory[worker]
    for top in stride(from: 0, to: geometry.outputHeight, by: ConvolutionGeometry.stripHeight) {
      let rows = top..<min(top + ConvolutionGeometry.stripHeight, geometry.outputHeight)
      let positions =
        rows.lowerBound * step + kernelRows.lowerBound..<(rows.upperBound - 1) * step
        + kernelRows.upperBound
      gather(positions, block: inputBlock, from: input, into: patch.start)
      pack(rows, first, pair, of: gradient, into: packed.start)
      for row in kernelRows {
        for column in 0..<kernelColumns {
          kernelSums(
            first, pair, inputBlock, tap: row * kernelColumns + column,
            .init(
              output: sums.start, outputBlockStride: across * lanes, blocks: pair, pixels: across,
              bias: nil,
              input: patch.start + (row - kernelRows.lowerBound) * rowStride + column * inputLanes,
              inputRowStride: step * rowStride, inputColumnStride: step * inputLanes,
              inputPixelStride: 1, weights: packed.start, kernelHeight: rows.count,
              kernelWidth: geometry.outputWidth, channels: 1))
        }
      }
    }
  }

  private func kernelSums(
    _ first: Int, _ pair: Int, _ inputBlock: Int, tap: Int,
    _ arguments: CKernelArguments_ConvolveRow
  ) {
    var arguments = arguments
    arguments.output = sums.start + place(first, pair, inputBlock, tap: tap)
    layer.kernels.convolveRow(arguments)
  }

  /// The first sum of a tap.
  private func place(_ first: Int, _ pair: Int, _ inputBlock: Int, tap: Int) -> Int {
    let size = layer.description.convolution.kernelSize
    let taps = isPicture ? size : size * size
    // All pairs before this one are of two blocks.
    return ((first * inputBlocks + inputBlock * pair) * taps + tap * pair) * across
      * FeatureMap.blockLanes
  }

  /// Copies rows of a block of the padded input.
  private func gather(
    _ positions: Range<Int>, block: Int, from input: Activation,
    into patch: UnsafeMutablePointer<Float>
  ) {
    let lanes = isPicture ? FeatureMap.pixelLanes : FeatureMap.blockLanes
    columns.withUnsafeBufferPointer { columns in
      let first = columns.firstIndex { $0 >= 0 } ?? columns.count
      let end = (columns.lastIndex { $0 >= 0 } ?? -1) + 1
      guard let start = columns.baseAddress else { return }
      var next = patch
      for position in positions {
        defer { next += columns.count * lanes }
        guard let row = geometry.inputRow(at: position) else {
          next.update(repeating: 0, count: columns.count * lanes)
          continue
        }
        next.update(repeating: 0, count: first * lanes)
        (next + end * lanes).update(repeating: 0, count: (columns.count - end) * lanes)
        let source = input.map.row(row, block: block)
        if isPicture {
          layer.kernels.gatherPixels(
            .init(
              output: next + first * lanes, input: source, columns: start + first,
              count: end - first))
        } else {
          layer.kernels.gatherBlocks(
            .init(
              output: next + first * lanes, input: source, columns: start + first,
              count: end - first, affine: input.affine.block(block)))
        }
      }
    }
  }

  /// Lays a pair of the gradient's blocks side by side, `[rows][columns][blocks][16]`.
  private func pack(
    _ rows: Range<Int>, _ first: Int, _ pair: Int, of gradient: FeatureMap,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let width = geometry.outputWidth
    for block in 0..<pair {
      var next = UnsafeMutableRawPointer(packed).assumingMemoryBound(to: SIMD16<Float>.self) + block
      for row in rows {
        let source = UnsafeRawPointer(gradient.row(row, block: first + block))
          .assumingMemoryBound(to: SIMD16<Float>.self)
        for column in 0..<width {
          next.pointee = source[column]
          next += pair
        }
      }
    }
  }

  func store(ofBlock block: Int, into values: UnsafeMutablePointer<Float>) {
    let convolution = layer.description.convolution
    let (size, lanes) = (convolution.kernelSize, FeatureMap.blockLanes)
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    let first = block / 2 * 2
    let pair = min(2, outputBlocks - first)
    var next = values + block * lanes * inputs * size * size
    for lane in 0..<min(lanes, outputs - block * lanes) {
      let lane = (block - first) * across * lanes + lane
      for input in 0..<inputs {
        for row in 0..<size {
          for column in 0..<size {
            let place =
              isPicture
              ? self.place(first, pair, 0, tap: row)
                + (column * FeatureMap.pixelLanes + input) * lanes
              : self.place(first, pair, input / lanes, tap: row * size + column)
                + input % lanes * lanes
            next.pointee = sums.start[place + lane]
            next += 1
          }
        }
      }
    }
  }
}
