import CKernelArguments
import StyleModels
import Tensors

/// A convolution at stride 1 whose outputs are a picture's colours, by Winograd's F(3×3, 3×3)
/// (`LargeKernelTiles`).
///
/// Three channels would leave most of a vector idle. Therefore vectors go along rows of tiles: the
/// input is gathered as planes of one channel, and each of the 25 products is a convolution of
/// planes with three outputs. For 9×9 taps that are 25 multiplications an output, and no lane is
/// idle but at rows' ends.
struct PixelConvolution: ConvolutionAlgorithm {
  /// Windows across a part, those beyond its tiles among them.
  private static let windowsAcross = 32
  /// Samples of planes that the kernel computes at a time.
  private static let samplesAtOnce = 64
  private static let points = LargeKernelTiles.points
  private static let colors = 3

  private let convolution: LayerDescription.Convolution
  private let kernels: KernelSet
  /// `[input blocks][5][5][channels][groups][groups][3]`.
  private let weights: AlignedBuffer

  init(_ convolution: LayerDescription.Convolution, weights: [Float], kernels: KernelSet) {
    self.convolution = convolution
    self.kernels = kernels
    let groups = LargeKernelTiles.groups(convolution.kernelSize)
    self.weights = AlignedBuffer(
      count: Self.points * Self.points * convolution.inputChannels * groups * groups * Self.colors)
    repack(weights)
  }

  /// Tells whether this algorithm can compute a layer.
  static func fits(_ convolution: LayerDescription.Convolution) -> Bool {
    convolution.stride == 1 && !convolution.isTransposed
      && convolution.outputChannels <= Self.colors
  }

  func repack(_ weights: [Float]) {
    let (inputs, size) = (convolution.inputChannels, convolution.kernelSize)
    let taps = groups * groups
    self.weights.start.update(repeating: 0, count: self.weights.count)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      for output in 0..<convolution.outputChannels {
        for input in 0..<inputs {
          let transformed = LargeKernelTiles.transformed(
            start + (output * inputs + input) * size * size, size: size)
          let (block, channel) = input.quotientAndRemainder(dividingBy: inputLanes)
          for point in 0..<Self.points * Self.points {
            for tap in 0..<taps {
              let place = (point * channels(inBlock: block) + channel) * taps + tap
              self.weights.start[self.place(ofBlock: block) + place * Self.colors + output] =
                Float(transformed[point * taps + tap])
            }
          }
        }
      }
    }
  }

  private var groups: Int { LargeKernelTiles.groups(convolution.kernelSize) }

  private func channels(inBlock block: Int) -> Int {
    min(inputLanes, convolution.inputChannels - block * inputLanes)
  }

  /// The first weight of an input block.
  private func place(ofBlock block: Int) -> Int {
    block * inputLanes * Self.points * Self.points * groups * groups * Self.colors
  }

  let inputLanes = FeatureMap.blockLanes
  var inputBlocks: Int { FeatureMap.blockCount(channels: convolution.inputChannels) }
  var gathersPlanes: Bool { true }
  let patchBlocks = 1
  var outputLanes: Int { convolution.outputChannels }
  var mapLanes: Int { FeatureMap.pixelLanes }
  var weightCount: Int { weights.count }

  func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    let windows = LargeKernelTiles.windows(convolution.kernelSize)
    let lanes = FeatureMap.blockLanes
    // As many tiles as windows that are all used.
    let room = max(Self.windowsAcross, (groups / lanes + 1) * lanes)
    let taps = convolution.kernelSize * convolution.kernelSize
    return ConvolutionTiling(
      geometry, outputColumns: geometry.outputWidth,
      multiplicationsPerColumn: taps * convolution.inputChannels * convolution.outputChannels,
      rowWindows: windows, columnWindows: windows, columnsAtOnce: LargeKernelTiles.unit,
      tileWidth: (room - groups) * LargeKernelTiles.unit,
      patch: .init(phases: LargeKernelTiles.unit, atOnce: lanes), column: geometry.inputColumn)
  }

  func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int? {
    geometry.inputRow(at: position)
  }

  func multiplications(rows: Int, columns: Int) -> Int {
    LargeKernelTiles.products(rows: rows, columns: columns, kernelSize: convolution.kernelSize)
      * convolution.inputChannels * Self.colors
  }

  private func tiles(_ part: ConvolutionTiling.Part) -> LargeKernelTiles {
    LargeKernelTiles(
      part, kernelSize: convolution.kernelSize, planes: inputLanes, lanes: 1, kernels: kernels)
  }

  /// Samples of a product of one colour.
  private func productCount(_ tiles: LargeKernelTiles) -> Int {
    (tiles.down * tiles.rowStride + Self.samplesAtOnce - 1) / Self.samplesAtOnce
      * Self.samplesAtOnce
  }

  /// Samples of V at a row of points, with what is read beyond its end and thrown away.
  private func windowCount(_ tiles: LargeKernelTiles) -> Int {
    Self.points * tiles.blockStride + 2 * Self.samplesAtOnce
  }

  func workspaceCount(_ tiling: ConvolutionTiling) -> Int {
    let tiles = tiles(tiling.largestPart)
    // Products, then these combined down the columns, then along the rows.
    let products = (25 + 15 + 9) * Self.colors * productCount(tiles)
    return tiles.rowsCount + windowCount(tiles) + products
  }

  func compute(
    _ part: ConvolutionTiling.Part, from source: PartSource, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, into target: PartTarget
  ) {
    let tiles = tiles(part)
    let windows = workspace + tiles.rowsCount
    let products = windows + windowCount(tiles)
    let count = productCount(tiles)
    for block in 0..<inputBlocks {
      tiles.transformRows(source.gather(block..<block + 1), into: workspace)
      for row in 0..<Self.points {
        tiles.transformColumns(
          workspace, point: row, into: windows, pointStride: tiles.blockStride)
        for column in 0..<Self.points {
          let point = row * Self.points + column
          let channels = channels(inBlock: block)
          kernels.convolvePlanes(
            .init(
              output: products + point * Self.colors * count, outputStride: count, count: count,
              adds: block > 0, input: windows + column * tiles.blockStride,
              inputChannelStride: tiles.planeStride, inputRowStride: tiles.rowStride,
              channels: channels, kernelSize: tiles.groups,
              weights: weights.start + place(ofBlock: block)
                + point * channels * tiles.groups * tiles.groups * Self.colors))
        }
      }
    }
    let place = target.place(ofPairAt: 0)
    store(products, tiles, count, bias: bias, into: place)
    target.finish(0..<1)
  }

  /// `Y = Aᵀ M A` of planes of products, `[5][5][3][count]`, merged into pixels.
  private func store(
    _ products: UnsafeMutablePointer<Float>, _ tiles: LargeKernelTiles, _ count: Int,
    bias: UnsafePointer<Float>, into place: PartTarget.Place
  ) {
    let (unit, planes) = (LargeKernelTiles.unit, Self.colors * count)
    let columns = products + Self.points * Self.points * planes
    let results = columns + unit * Self.points * planes
    for point in 0..<Self.points {
      kernels.combineFive(
        .init(
          output: columns + point * planes, outputStride: Self.points * planes,
          input: products + point * planes, inputStride: Self.points * planes, count: planes))
    }
    for row in 0..<unit {
      kernels.combineFive(
        .init(
          output: results + row * unit * planes, outputStride: planes,
          input: columns + row * Self.points * planes, inputStride: planes, count: planes))
      for tile in 0..<tiles.down {
        kernels.mergePlanes(
          .init(
            output: place.start + (tile * unit + row) * place.rowStride, tiles: tiles.across,
            input: results + row * unit * planes + tile * tiles.rowStride,
            inputColumnStride: planes, inputChannelStride: count, bias: bias))
      }
    }
  }
}
