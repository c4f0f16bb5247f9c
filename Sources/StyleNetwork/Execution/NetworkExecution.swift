import StyleModels
import Tensors

/// Runs a network over pictures, one batch at a time, and keeps its memory from one to the next.
///
/// Layer by layer: convolve every picture of the batch, turn the moments of all into each one's
/// scale and shift, go on. One thread at a time uses it; the pool's threads do the work.
public final class NetworkExecution {
  public let network: StyleNetwork
  private let pool: WorkerPool
  private let workspace = Workspace()
  private let scratch: ConvolutionScratch
  private let addition: ResidualAddition

  public init(_ network: StyleNetwork, pool: WorkerPool) {
    self.network = network
    self.pool = pool
    scratch = ConvolutionScratch(workers: pool.workers)
    addition = ResidualAddition(kernels: network.kernels)
  }

  /// - Parameter workers: Threads that compute, the caller's among them.
  public convenience init(_ network: StyleNetwork, workers: Int) {
    self.init(network, pool: WorkerPool(workers: workers))
  }

  /// Repaints a batch. Only `Normalization.batchLive` lets its pictures see one another.
  ///
  /// The result is the same to the bit for any number of workers. Memory: the feature maps of two
  /// neighbouring layers and one residual, for all pictures of the batch.
  ///
  /// - Parameters:
  ///   - pictures: Of any sizes from 1×1.
  ///   - observe: Is shown every layer's output of every picture.
  /// - Throws: `StyleNetworkError`, or what a picture's `readRow` or `writeRow` throws.
  /// - Complexity: `network.multiplications(width:height:)`, summed over the pictures.
  public func run(
    _ pictures: [Picture], normalization: Normalization,
    progress: ExecutionProgress = ExecutionProgress(), observe: ((LayerRecord) -> Void)? = nil
  ) throws {
    try network.check(normalization)
    progress.begin(
      total: pictures.reduce(0) {
        $0 + network.multiplications(width: $1.width, height: $1.height)
      })
    defer { workspace.endExecution() }
    var current = try pictures.map(read)
    var skipped: [Activation] = []
    for layer in network.layers {
      if layer.description.opensResidualBlock { skipped = current }
      let isSkipped = layer.description.opensResidualBlock
      let outputs = try current.indices.map { index in
        let input = current[index]
        let output = try convolve(layer, input, progress)
        if !isSkipped { workspace.give(input.map.buffer) }
        return output
      }
      guard let norm = layer.norm else {
        for (index, output) in outputs.enumerated() {
          observe?(LayerRecord(layer, picture: index, output: output.map))
          try write(output.map, layer, to: pictures[index])
          workspace.give(output.map.buffer)
        }
        return
      }
      let statistics = normalization.statistics(
        of: outputs.map { $0.moments?.merged() ?? [] }, stored: norm.stored)
      let affines = norm.affines(statistics, normalization)
      current = zip(outputs, affines).map { Activation(map: $0.map, affine: $1) }
      for (index, activation) in current.enumerated() {
        observe?(
          LayerRecord(
            layer, picture: index, output: activation.map, statistics: statistics[index],
            affine: activation.affine))
      }
      if layer.description.closesResidualBlock {
        current = zip(current, skipped).map(add)
        skipped = []
      }
    }
  }

  /// What the network calls black.
  private var black: Float { Float(network.description.inputRange.lowerBound) }

  /// What it calls a step of 1 in 0…255.
  private var unit: Float {
    let range = network.description.inputRange
    return Float((range.upperBound - range.lowerBound) / 255)
  }

  /// The picture's pixels as the first layer's input, `[3, H, W]`, extended where it is too small.
  private func read(_ picture: Picture) throws -> Activation {
    let height = Picture.extended(picture.height)
    let width = Picture.extended(picture.width)
    let lanes = FeatureMap.pixelLanes
    let map = FeatureMap(
      channels: 3, height: height, width: width, lanes: lanes, rows: 0..<height,
      buffer: workspace.take(
        FeatureMap.sampleCount(channels: 3, width: width, rows: height, lanes: lanes)))
    let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: 3 * picture.width)
    defer { row.deallocate() }
    let (black, unit) = (black, unit)
    for y in 0..<picture.height {
      try picture.readRow(y, row)
      let pixels = map.row(y)
      for x in 0..<width {
        let source = Picture.mirrored(x, picture.width) * 3
        for channel in 0..<3 {
          pixels[x * lanes + channel] = black + unit * row[source + channel]
        }
        pixels[x * lanes + 3] = 0
      }
    }
    for y in picture.height..<max(height, picture.height) {
      map.row(y).update(
        from: map.row(Picture.mirrored(y, picture.height)), count: width * lanes)
    }
    return Activation(map: map, affine: ChannelAffine(identityOf: 3))
  }

  /// One layer's output for one picture, and its moments where a norm wants them.
  private func convolve(
    _ layer: StyleNetwork.Layer, _ input: Activation, _ progress: ExecutionProgress
  ) throws(StyleNetworkError) -> (map: FeatureMap, moments: StripMoments?) {
    let convolution = layer.convolution
    let tiling = convolution.tiling(
      convolution.geometry(inputHeight: input.map.height, inputWidth: input.map.width))
    let channels = convolution.packing.outputLanes
    let height = tiling.geometry.outputHeight
    let map = FeatureMap(
      channels: channels, height: height, width: tiling.outputColumns, rows: 0..<height,
      buffer: workspace.take(
        FeatureMap.sampleCount(channels: channels, width: tiling.outputColumns, rows: height)))
    let moments = layer.norm == nil ? nil : tiling.moments(channels: channels)
    scratch.reserve(tiling)
    convolution.run(
      rows: 0..<height, tiling, from: input, into: map, moments: moments, scratch: scratch,
      pool: pool, progress: progress)
    guard !progress.isCancelled else { throw .cancelled }
    return (map, moments)
  }

  /// Ends a residual block. The sum takes the place of what went around it.
  private func add(_ residual: Activation, _ skipped: Activation) -> Activation {
    addition.run(
      rows: skipped.map.rows, residual, skipped, into: skipped.map, pool: pool)
    workspace.give(residual.map.buffer)
    return Activation(map: skipped.map, affine: ChannelAffine(identityOf: skipped.map.channels))
  }

  /// Hands the last layer's output to the picture, cropped to its size.
  private func write(_ map: FeatureMap, _ layer: StyleNetwork.Layer, to picture: Picture) throws {
    let perBlock = layer.convolution.packing.outputLanes
    let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: 3 * picture.width)
    defer { row.deallocate() }
    let (black, unit) = (black, unit)
    for y in 0..<picture.height {
      let blocks = map.row(y)
      var isFinite = true
      for sample in row.indices {
        let (block, lane) = sample.quotientAndRemainder(dividingBy: perBlock)
        let value = (blocks[block * FeatureMap.blockLanes + lane] - black) / unit
        isFinite = isFinite && value.isFinite
        row[sample] = value
      }
      guard isFinite else { throw StyleNetworkError.outputNotFinite(row: y) }
      try picture.writeRow(y, UnsafeBufferPointer(row))
    }
  }
}
