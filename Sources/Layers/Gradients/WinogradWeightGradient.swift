import CKernelArguments
import StyleModels
import Tensors

/// The gradient by the weights of a 3×3 convolution at stride 1, in the basis of Winograd's F(4×4, 3×3):
/// `Gᵀ (Σ V ∘ (A g Aᵀ)) G` over all tiles, V being the input's windows as `WinogradConvolution` transforms
/// them, and g the gradient by 4×4 outputs: 36 multiplications in place of 144.
///
/// Each of the 36 is a matrix product over tiles, `[I, tiles] × [tiles, O]`, which is `convolveRow` with
/// the input's channels in the place of pixels and tiles in that of the kernel's columns. An image is
/// taken some rows of tiles at a time.
final class WinogradWeightGradient: WeightGradientAlgorithm {
  private static let unit = 4
  private static let products = 36
  /// Tiles that are summed at a time: what is read for all inputs of a block stays in a first-level cache.
  private static let tilesAtOnce = 96
  /// Samples of V and of A g Aᵀ that are held at a time.
  private static let transformedSamples = 1 << 20

  private let layer: ConvolutionLayer
  private let geometry: ConvolutionGeometry
  private let pool: WorkerPool
  private let inputBlocks, outputBlocks: Int
  private let tilesDown, tilesAcross: Int
  /// Rows of tiles that are taken at a time.
  private let rowsAtOnce: Int
  /// The input column at each position, −1 where zeros stand.
  private let columns: [Int32]
  private let memory: [AlignedBuffer]
  /// `[36][blocks][tiles][16]`, a little more from one of the 36 to the next.
  private let inputs, gradients: AlignedBuffer
  /// `[36][output blocks][input blocks][16 inputs][16 outputs]`.
  private let sums: AlignedBuffer

  private static let area = FeatureMap.blockLanes * FeatureMap.blockLanes

  static func fits(_ layer: LayerDescription) -> Bool {
    let convolution = layer.convolution
    return convolution.kernelSize == 3 && convolution.stride == 1 && !convolution.isTransposed
      && layer.resampling != .maximum
  }

  init(_ layer: ConvolutionLayer, _ geometry: ConvolutionGeometry, pool: WorkerPool) {
    self.layer = layer
    self.geometry = geometry
    self.pool = pool
    let (convolution, lanes) = (layer.description.convolution, FeatureMap.blockLanes)
    inputBlocks = FeatureMap.blockCount(channels: convolution.inputChannels)
    outputBlocks = FeatureMap.blockCount(channels: convolution.outputChannels)
    tilesDown = (geometry.outputHeight + Self.unit - 1) / Self.unit
    tilesAcross = (geometry.outputWidth + Self.unit - 1) / Self.unit
    let blocks = inputBlocks + outputBlocks
    rowsAtOnce = max(
      1, min(tilesDown, Self.transformedSamples / (Self.products * blocks * tilesAcross * lanes)))
    let positions = tilesAcross * Self.unit + 2
    // Past the last output there is no gradient, so that any sample may stand there.
    columns = (0..<positions).map {
      Int32(geometry.inputColumn(at: min($0, geometry.outputWidth + 1)) ?? -1)
    }
    memory = (0..<pool.workers).map { _ in
      AlignedBuffer(count: (Self.unit + 2) * positions * lanes)
    }
    let tiles = rowsAtOnce * tilesAcross
    inputs = AlignedBuffer(count: Self.products * Self.stride(inputBlocks * tiles))
    gradients = AlignedBuffer(count: Self.products * Self.stride(outputBlocks * tiles))
    sums = AlignedBuffer(count: Self.products * outputBlocks * inputBlocks * Self.area)
  }

  /// Samples from one of the 36 to the next: not a multiple of a page, at which caches have few places.
  private static func stride(_ tiles: Int) -> Int { (tiles + 1) * FeatureMap.blockLanes }

  func clear() {
    sums.start.update(repeating: 0, count: sums.count)
  }

  func add(_ input: Activation, _ gradient: FeatureMap) {
    let lanes = FeatureMap.blockLanes
    for first in Swift.stride(from: 0, to: tilesDown, by: rowsAtOnce) {
      let rows = min(rowsAtOnce, tilesDown - first)
      let tiles = rows * tilesAcross
      let (inputStride, gradientStride) = (
        Self.stride(inputBlocks * tiles), Self.stride(outputBlocks * tiles)
      )
      pool.run((inputBlocks + outputBlocks) * rows) { part, worker in
        let (block, row) = part.quotientAndRemainder(dividingBy: rows)
        let patch = memory[worker].start
        if block < inputBlocks {
          gather(row: first + row, block: block, of: input, into: patch)
          transform(
            layer.kernels.transformInput, patch,
            into: inputs.start + (block * tiles + row * tilesAcross) * lanes, inputStride)
        } else {
          let block = block - inputBlocks
          gather(row: first + row, block: block, of: gradient, into: patch)
          transform(
            layer.kernels.transformGradient, patch,
            into: gradients.start + (block * tiles + row * tilesAcross) * lanes, gradientStride)
        }
      }
      let pairs = (outputBlocks + 1) / 2
      pool.run(Self.products * pairs) { part, _ in
        let (product, pair) = part.quotientAndRemainder(dividingBy: pairs)
        let outputBlock = 2 * pair
        let gradient = gradients.start + product * gradientStride + outputBlock * tiles * lanes
        for inputBlock in 0..<inputBlocks {
          let place = (product * outputBlocks + outputBlock) * inputBlocks + inputBlock
          let input = inputs.start + product * inputStride + inputBlock * tiles * lanes
          for tile in Swift.stride(from: 0, to: tiles, by: Self.tilesAtOnce) {
            layer.kernels.convolveRow(
              .init(
                output: sums.start + place * Self.area,
                outputBlockStride: inputBlocks * Self.area,
                blocks: min(2, outputBlocks - outputBlock), pixels: lanes, bias: nil,
                input: input + tile * lanes, inputRowStride: 0, inputColumnStride: lanes,
                inputPixelStride: 1, weights: gradient + tile * lanes, weightStride: lanes,
                weightBlockStride: tiles * lanes, kernelHeight: 1,
                kernelWidth: min(Self.tilesAtOnce, tiles - tile), channels: 1))
          }
        }
      }
    }
  }

  private func transform(
    _ kernel: KernelSet.Kernel<CKernelArguments_TransformInput>, _ patch: UnsafePointer<Float>,
    into matrices: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    kernel(
      .init(
        output: matrices, outputMatrixStride: stride, tiles: tilesAcross, input: patch,
        inputRowStride: columns.count * FeatureMap.blockLanes))
  }

  /// Copies the padded input that a row of tiles sees.
  private func gather(
    row: Int, block: Int, of input: Activation, into patch: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureMap.blockLanes
    columns.withUnsafeBufferPointer { columns in
      let first = columns.firstIndex { $0 >= 0 } ?? columns.count
      let end = (columns.lastIndex { $0 >= 0 } ?? -1) + 1
      guard let start = columns.baseAddress else { return }
      var next = patch
      for position in row * Self.unit..<row * Self.unit + Self.unit + 2 {
        defer { next += columns.count * lanes }
        guard let y = geometry.inputRow(at: min(position, geometry.outputHeight + 1)) else {
          next.update(repeating: 0, count: columns.count * lanes)
          continue
        }
        next.update(repeating: 0, count: first * lanes)
        (next + end * lanes).update(repeating: 0, count: (columns.count - end) * lanes)
        layer.kernels.gatherBlocks(
          .init(
            output: next + first * lanes, input: input.map.row(y, block: block),
            columns: start + first, count: end - first, affine: input.affine.block(block)))
      }
    }
  }

  /// Copies a row of tiles of the gradient, zeros beyond its edges.
  private func gather(
    row: Int, block: Int, of gradient: FeatureMap, into patch: UnsafeMutablePointer<Float>
  ) {
    let (lanes, width) = (FeatureMap.blockLanes, geometry.outputWidth)
    var next = patch
    for y in row * Self.unit..<(row + 1) * Self.unit {
      defer { next += columns.count * lanes }
      let count = y < geometry.outputHeight ? width * lanes : 0
      if count > 0 { next.update(from: gradient.row(y, block: block), count: count) }
      (next + count).update(repeating: 0, count: columns.count * lanes - count)
    }
  }

  func store(ofBlock block: Int, into values: UnsafeMutablePointer<Float>) {
    let (lanes, convolution) = (FeatureMap.blockLanes, layer.description.convolution)
    let inputs = convolution.inputChannels
    for input in 0..<inputs {
      let place = block * inputBlocks + input / lanes
      WinogradWeights.gradient(
        sums.start + place * Self.area + input % lanes * lanes,
        stride: outputBlocks * inputBlocks * Self.area,
        into: values + (block * lanes * inputs + input) * 9, distance: 9 * inputs,
        count: min(lanes, convolution.outputChannels - block * lanes))
    }
  }
}
