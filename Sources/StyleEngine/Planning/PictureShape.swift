import Layers
import StyleModels
import Tensors

/// The cutting of a network's layers for pictures of one size, and what it takes.
struct PictureShape: Sendable {
  let width: Int
  let height: Int
  /// The picture's sides as the network works on them.
  let extendedWidth: Int
  let extendedHeight: Int
  /// The tiling of each layer.
  let tilings: [ConvolutionTiling]
  /// Multiplications that each layer's algorithm does.
  let multiplications: [Int]
  /// Lanes in use of each layer's output.
  private let lanes: [Int]
  /// Lanes of a block of each layer's output.
  private let blockLanes: [Int]
  /// Pixels of a row of the result, as it is handed over.
  let resultWidth: Int
  /// Bytes that a worker needs for its part of the largest layer.
  let workerBytes: Int
  /// Bytes that the tables of columns take.
  let tableBytes: Int

  init(_ network: StyleNetwork, _ size: ExecutionPlan.Job.Size) {
    width = size.width
    height = size.height
    extendedHeight = network.extended(height)
    extendedWidth = network.extended(width)
    var input = (height: extendedHeight, width: extendedWidth)
    var tilings: [ConvolutionTiling] = []
    for layer in network.layers {
      let geometry = layer.convolution.geometry(inputHeight: input.height, inputWidth: input.width)
      tilings.append(layer.convolution.tiling(geometry))
      input = (geometry.outputHeight, geometry.outputWidth)
    }
    self.tilings = tilings
    let algorithms = network.layers.map(\.convolution.algorithm)
    multiplications = zip(algorithms, tilings).map { $0.multiplications($1) }
    lanes = algorithms.map(\.outputLanes)
    blockLanes = algorithms.map(\.mapLanes)
    resultWidth = min(size.width, input.width)
    let samples = MemoryLayout<Float>.stride
    workerBytes =
      samples
      * (zip(algorithms, tilings).map { PartMemory.patchCount($1, for: $0) }.max() ?? 0)
      + samples * (zip(algorithms, tilings).map { PartMemory.resultCount($1, for: $0) }.max() ?? 0)
    tableBytes = tilings.reduce(0) { $0 + $1.columnTable.count * MemoryLayout<Int32>.stride }
  }

  /// Samples of a row of the network's input.
  var pixelRowCount: Int { extendedWidth * FeatureMap.pixelLanes }

  /// Samples of a row of a layer's output.
  func rowCount(_ layer: Int) -> Int {
    FeatureMap.sampleCount(
      channels: lanes[layer], width: tilings[layer].outputColumns, rows: 1,
      lanes: blockLanes[layer])
  }

  func outputHeight(_ layer: Int) -> Int { tilings[layer].geometry.outputHeight }

  func mapBytes(_ layer: Int, extraRows: Int = 0) -> Int {
    LifetimeLayout.aligned(
      (outputHeight(layer) + extraRows) * rowCount(layer) * MemoryLayout<Float>.stride)
  }
}
