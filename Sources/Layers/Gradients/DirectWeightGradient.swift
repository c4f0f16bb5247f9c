import CKernelArguments
import StyleModels
import Tensors

/// The gradient by a convolution's weights by its definition.
///
/// It is `convolveRow` with the roles turned: 16 input channels take the place of pixels, a row of the
/// gradient that of weights, and its columns that of the kernel's. Where the input is the picture, a
/// row's taps and channels lie side by side in the pixels and take the channels' place together.
final class DirectWeightGradient: WeightGradientAlgorithm, ParallelTask {
  /// Columns that are summed at a time: what is read for all taps stays in a first-level cache.
  private static let columnsAtOnce = 96
  /// Red, green and blue lie side by side in a picture's patch.
  private static let colors = 3

  private let layer: ConvolutionLayer
  private let geometry: ConvolutionGeometry
  private let pool: WorkerPool
  private let isPicture: Bool
  private let inputBlocks, outputBlocks: Int
  /// Samples of a pixel in a patch.
  private let lanes: Int
  /// Samples that take the pixels' place: 16 channels, or a row's taps and channels rounded up to 8.
  private let across: Int
  /// The input column at each position, −1 where zeros stand.
  private let columns: [Int32]
  /// A patch of each worker, `[rows][columns][lanes]`.
  private let memory: [AlignedBuffer]
  /// `[output blocks][input blocks][K][K, or 1 of a picture][across][16]`.
  private let sums: AlignedBuffer
  private var job: (input: Activation, gradient: FeatureMap)?

  init(_ layer: ConvolutionLayer, _ geometry: ConvolutionGeometry, pool: WorkerPool) {
    self.layer = layer
    self.geometry = geometry
    self.pool = pool
    let convolution = layer.description.convolution
    let (size, blockLanes) = (convolution.kernelSize, FeatureMap.blockLanes)
    isPicture = layer.description.input == .picture
    inputBlocks = isPicture ? 1 : FeatureMap.blockCount(channels: convolution.inputChannels)
    outputBlocks = FeatureMap.blockCount(channels: convolution.outputChannels)
    lanes = isPicture ? Self.colors : blockLanes
    across = isPicture ? (size * Self.colors + 7) / 8 * 8 : blockLanes
    let positions = (geometry.outputWidth - 1) * convolution.stride + size
    columns = (0..<positions).map { Int32(geometry.inputColumn(at: $0) ?? -1) }
    let rows = (ConvolutionGeometry.stripHeight - 1) * convolution.stride + size
    // The last pixels' place goes beyond the last taps.
    let patch = rows * positions * lanes + across
    memory = (0..<pool.workers).map { _ in
      AlignedBuffer([Float](repeating: 0, count: patch))
    }
    let taps = isPicture ? size : size * size
    sums = AlignedBuffer(count: inputBlocks * outputBlocks * taps * across * blockLanes)
  }

  func clear() {
    sums.start.update(repeating: 0, count: sums.count)
  }

  func add(_ input: Activation, _ gradient: FeatureMap) {
    job = (input, gradient)
    pool.run((outputBlocks + 1) / 2 * inputBlocks * parts, self)
    job = nil
  }

  /// Parts of a pair of output blocks and an input block: a picture is one block alone, so that its kernel rows are
  /// parts.
  private var parts: Int { isPicture ? layer.description.convolution.kernelSize : 1 }

  /// A pair of output blocks by an input block.
  func run(part index: Int, worker: Int) {
    guard let (input, gradient) = job else { return }
    let (size, step) = (
      layer.description.convolution.kernelSize, layer.description.convolution.stride
    )
    let (block, part) = index.quotientAndRemainder(dividingBy: parts)
    let (pair, inputBlock) = block.quotientAndRemainder(dividingBy: inputBlocks)
    let (outputBlock, blockLanes) = (2 * pair, FeatureMap.blockLanes)
    let kernelRows = isPicture ? part..<part + 1 : 0..<size
    let kernelColumns = isPicture ? 1 : size
    let (patch, rowStride) = (memory[worker].start, columns.count * lanes)
    let convolveRow = layer.kernels.convolveRow
    let blockStride = self.place(1, 0, tap: 0)
    for top in stride(from: 0, to: geometry.outputHeight, by: ConvolutionGeometry.stripHeight) {
      let rows = top..<min(top + ConvolutionGeometry.stripHeight, geometry.outputHeight)
      let first = rows.lowerBound * step + kernelRows.lowerBound
      gather(
        first..<(rows.upperBound - 1) * step + kernelRows.upperBound, block: inputBlock,
        from: input, into: patch)
      for row in rows {
        let source = patch + (row - top) * step * rowStride
        for column in stride(from: 0, to: geometry.outputWidth, by: Self.columnsAtOnce) {
          for kernelRow in kernelRows {
            for kernelColumn in 0..<kernelColumns {
              let place = place(
                outputBlock, inputBlock, tap: kernelRow * kernelColumns + kernelColumn)
              convolveRow(
                .init(
                  output: sums.start + place, outputBlockStride: blockStride,
                  blocks: min(2, outputBlocks - outputBlock), pixels: across, bias: nil,
                  input: source + (kernelRow - kernelRows.lowerBound) * rowStride
                    + (column * step + kernelColumn) * lanes, inputRowStride: 0,
                  inputColumnStride: step * lanes, inputPixelStride: 1,
                  weights: gradient.row(row, block: outputBlock) + column * blockLanes,
                  weightStride: blockLanes, weightBlockStride: gradient.width * blockLanes,
                  kernelHeight: 1,
                  kernelWidth: min(Self.columnsAtOnce, geometry.outputWidth - column), channels: 1))
            }
          }
        }
      }
    }
  }

  /// The first sum of a tap.
  private func place(_ outputBlock: Int, _ inputBlock: Int, tap: Int) -> Int {
    let size = layer.description.convolution.kernelSize
    let taps = isPicture ? size : size * size
    return ((outputBlock * inputBlocks + inputBlock) * taps + tap) * across
      * FeatureMap.blockLanes
  }

  /// Copies rows of a block of the padded input.
  private func gather(
    _ positions: Range<Int>, block: Int, from input: Activation,
    into patch: UnsafeMutablePointer<Float>
  ) {
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
          for position in first..<end {
            let from = source + FeatureMap.pixelLanes * Int(columns[position])
            let to = next + position * Self.colors
            (to[0], to[1], to[2]) = (from[0], from[1], from[2])
          }
        } else {
          layer.kernels.gatherBlocks(
            .init(
              output: next + first * lanes, input: source, columns: start + first,
              count: end - first, affine: input.affine.block(block)))
        }
      }
    }
  }

  func store(ofBlock block: Int, into values: UnsafeMutablePointer<Float>) {
    let convolution = layer.description.convolution
    let (size, inputs) = (convolution.kernelSize, convolution.inputChannels)
    let blockLanes = FeatureMap.blockLanes
    var next = values + block * blockLanes * inputs * size * size
    for lane in 0..<min(blockLanes, convolution.outputChannels - block * blockLanes) {
      for input in 0..<inputs {
        for row in 0..<size {
          for column in 0..<size {
            let place =
              isPicture
              ? self.place(block, 0, tap: row) + (column * Self.colors + input) * blockLanes
              : self.place(block, input / blockLanes, tap: row * size + column)
                + input % blockLanes * blockLanes
            next.pointee = sums.start[place + lane]
            next += 1
          }
        }
      }
    }
  }
}
