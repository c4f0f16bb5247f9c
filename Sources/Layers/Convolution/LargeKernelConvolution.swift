import CKernelArguments
import StyleModels
import Tensors

/// A convolution of more than 3×3 taps at stride 1 by Winograd's F(3×3, 3×3) (`LargeKernelTiles`): 9×9
/// taps take 25 multiplications an output.
struct LargeKernelConvolution: ConvolutionAlgorithm {
  /// Tiles across a part: the products of a row of them stay in the first-level cache or near.
  private static let tilesAcross = 24
  /// Samples of V in a part, which stays in a second-level cache of 1 MB.
  private static let transformedSamples = 120 * 1024
  /// Tiles that kernels multiply at a time.
  private static let tilesAtOnce = 8
  private static let points = LargeKernelTiles.points * LargeKernelTiles.points

  private let convolution: LayerDescription.Convolution
  private let packing: WeightPacking
  private let kernels: KernelSet
  /// `[output block pairs][25][input blocks][groups][groups][channels][16 or 32]`.
  private let weights: AlignedBuffer
  private let zeros = AlignedBuffer([Float](repeating: 0, count: 2 * FeatureMap.blockLanes))

  init(
    _ convolution: LayerDescription.Convolution, packing: WeightPacking, weights: [Float],
    kernels: KernelSet
  ) {
    self.convolution = convolution
    self.packing = packing
    self.kernels = kernels
    let taps = Self.points * packing.inputChannels * Self.taps(convolution)
    self.weights = AlignedBuffer(count: packing.outputBlocks * FeatureMap.blockLanes * taps)
    repack(weights)
  }

  /// Tells whether this algorithm can compute a layer, and gains something.
  static func fits(_ convolution: LayerDescription.Convolution) -> Bool {
    convolution.stride == 1 && !convolution.isTransposed && convolution.kernelSize >= 5
  }

  /// Taps over the grid of windows.
  private static func taps(_ convolution: LayerDescription.Convolution) -> Int {
    let groups = LargeKernelTiles.groups(convolution.kernelSize)
    return groups * groups
  }

  func repack(_ weights: [Float]) {
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    let (size, taps) = (convolution.kernelSize, Self.taps(convolution))
    let blockLanes = FeatureMap.blockLanes
    self.weights.start.update(repeating: 0, count: self.weights.count)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      for output in 0..<outputs {
        let (block, lane) = output.quotientAndRemainder(dividingBy: blockLanes)
        let lanes = packing.lanes(ofPairAt: block / 2 * 2)
        let pair = self.weights.start + block / 2 * 2 * blockLanes * Self.points * inputs * taps
        for input in 0..<inputs {
          let transformed = LargeKernelTiles.transformed(
            start + (output * inputs + input) * size * size, size: size)
          let (inputBlock, channel) = input.quotientAndRemainder(dividingBy: packing.inputLanes)
          let channels = packing.inputChannels(inBlock: inputBlock)
          let before = inputBlock * packing.inputLanes
          for point in 0..<Self.points {
            for tap in 0..<taps {
              let place = (point * inputs + before) * taps + tap * channels + channel
              pair[place * lanes + block % 2 * blockLanes + lane] = Float(
                transformed[point * taps + tap])
            }
          }
        }
      }
    }
  }

  var inputLanes: Int { packing.inputLanes }
  var inputBlocks: Int { packing.inputBlocks }
  let patchBlocks = 1
  var outputLanes: Int { convolution.outputChannels }
  var weightCount: Int { weights.count }

  func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    let windows = LargeKernelTiles.windows(convolution.kernelSize)
    let groups = LargeKernelTiles.groups(convolution.kernelSize)
    let windowsDown = ConvolutionGeometry.stripHeight / LargeKernelTiles.unit + groups - 1
    let room =
      Self.transformedSamples / (Self.points * windowsDown * inputBlocks * inputLanes) - groups
    let tiles = max(1, min(room, Self.tilesAcross) / Self.tilesAtOnce) * Self.tilesAtOnce
    let taps = convolution.kernelSize * convolution.kernelSize
    return ConvolutionTiling(
      geometry, outputColumns: geometry.outputWidth,
      multiplicationsPerColumn: taps * convolution.inputChannels * convolution.outputChannels,
      rowWindows: windows, columnWindows: windows,
      columnsAtOnce: Self.tilesAtOnce * LargeKernelTiles.unit,
      tileWidth: tiles * LargeKernelTiles.unit,
      patch: .init(phases: LargeKernelTiles.unit, atOnce: FeatureMap.blockLanes / inputLanes),
      column: geometry.inputColumn)
  }

  func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int? {
    geometry.inputRow(at: position)
  }

  func multiplications(rows: Int, columns: Int) -> Int {
    LargeKernelTiles.products(rows: rows, columns: columns, kernelSize: convolution.kernelSize)
      * convolution.inputChannels * convolution.outputChannels
  }

  /// The workspace of a part.
  private struct Layout {
    let tiles: LargeKernelTiles
    /// Samples from one of 25 matrices V, or products M, to the next: not a multiple of a page, at
    /// which caches have few places.
    let windowStride: Int
    let productStride: Int

    init(_ part: ConvolutionTiling.Part, _ algorithm: LargeKernelConvolution) {
      tiles = LargeKernelTiles(
        part, kernelSize: algorithm.convolution.kernelSize, planes: 1,
        lanes: algorithm.inputLanes, kernels: algorithm.kernels)
      windowStride = algorithm.inputBlocks * tiles.blockStride + FeatureMap.blockLanes
      productStride = (2 * tiles.across + 1) * FeatureMap.blockLanes
    }
  }

  func workspaceCount(_ tiling: ConvolutionTiling) -> Int {
    let layout = Layout(tiling.largestPart, self)
    return layout.tiles.rowsCount + Self.points * (layout.windowStride + layout.productStride)
  }

  func compute(
    _ part: ConvolutionTiling.Part, from source: PartSource, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, into target: PartTarget
  ) {
    let lanes = FeatureMap.blockLanes
    let layout = Layout(part, self)
    let tiles = layout.tiles
    let windows = workspace + tiles.rowsCount
    let products = windows + Self.points * layout.windowStride
    for block in 0..<inputBlocks {
      tiles.transformRows(source.gather(block..<block + 1), into: workspace)
      for point in 0..<LargeKernelTiles.points {
        tiles.transformColumns(
          workspace, point: point,
          into: windows + point * LargeKernelTiles.points * layout.windowStride
            + block * tiles.blockStride, pointStride: layout.windowStride)
      }
    }
    for first in stride(from: 0, to: outputBlocks, by: 2) {
      let pair = min(2, outputBlocks - first)
      let place = target.place(ofPairAt: first)
      for row in 0..<tiles.down {
        multiply(layout, windows + row * tiles.rowStride, first: first, pair, into: products)
        for block in 0..<pair {
          kernels.transformLargeOutput(
            .init(
              output: place.start + block * place.blockStride
                + row * LargeKernelTiles.unit * place.rowStride,
              outputRowStride: place.rowStride, tiles: tiles.across,
              input: products + block * tiles.across * lanes,
              inputMatrixStride: layout.productStride, bias: bias + (first + block) * lanes))
        }
      }
      target.finish(first..<first + pair)
    }
  }

  /// The 25 products of a row of tiles for a pair of output blocks, `[25][blocks][across][16]`.
  private func multiply(
    _ layout: Layout, _ windows: UnsafePointer<Float>, first: Int, _ pair: Int,
    into products: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureMap.blockLanes
    let (tiles, taps) = (layout.tiles, Self.taps(convolution))
    var weights = weights.start + first * lanes * Self.points * convolution.inputChannels * taps
    for point in 0..<Self.points {
      for block in 0..<inputBlocks {
        let channels = packing.inputChannels(inBlock: block)
        kernels.convolveRow(
          .init(
            output: products + point * layout.productStride,
            outputBlockStride: tiles.across * lanes, blocks: pair, pixels: tiles.across,
            bias: block == 0 ? zeros.start : nil,
            input: windows + point * layout.windowStride + block * tiles.blockStride,
            inputRowStride: tiles.rowStride, inputColumnStride: inputLanes,
            inputPixelStride: inputLanes, weights: weights, weightStride: pair * lanes,
            weightBlockStride: lanes, kernelHeight: tiles.groups,
            kernelWidth: tiles.groups, channels: channels))
        weights += taps * channels * pair * lanes
      }
    }
  }
}
