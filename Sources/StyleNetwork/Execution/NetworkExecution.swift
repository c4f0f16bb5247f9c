import StyleModels
import Tensors

/// Runs a network over pictures, one batch at a time, and keeps its memory from one to the next.
///
/// Layer by layer: convolve every picture of the batch, turn the moments of all into each one's
/// scale and shift, go on. One thread at a time uses it; the pool's threads do the work. Pictures of
/// the sizes of those before, run one batch after another, take no memory from the system.
public final class NetworkExecution {
  public let network: StyleNetwork
  private let pool: WorkerPool
  private let workspace = Workspace()
  private let scratch: ConvolutionScratch
  private let addition: ResidualAddition
  private var prepared: [PreparedPicture] = []

  // Of the present layer: `[N]` and `[N][C]`.
  private var current: [Activation] = []
  private var skipped: [Activation] = []
  private var moments: [[ChannelMoments]] = []
  private var statistics: [[Statistics]] = []

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
  ///   - time: Is told how long each layer took, by its number.
  /// - Throws: `StyleNetworkError`, or what a picture's `readRow` or `writeRow` throws.
  /// - Complexity: `network.costs(width:height:)`, summed over the layers and the pictures.
  public func run(
    _ pictures: [Picture], normalization: Normalization,
    progress: ExecutionProgress = ExecutionProgress(), observe: ((LayerRecord) -> Void)? = nil,
    time: ((_ layer: Int, _ taken: Duration) -> Void)? = nil
  ) throws {
    try network.check(normalization)
    prepare(pictures)
    progress.begin(total: prepared.reduce(0) { $0 + $1.multiplications })
    defer { endExecution() }
    for index in pictures.indices { current.append(try read(pictures[index], prepared[index])) }
    for (number, layer) in network.layers.enumerated() {
      let start = ContinuousClock.now
      defer { time?(number, .now - start) }
      if layer.description.opensResidualBlock { skipped.append(contentsOf: current) }
      for index in pictures.indices {
        try convolve(prepared[index].layers[number], index, progress)
      }
      guard let norm = layer.norm else {
        for index in pictures.indices {
          observe?(LayerRecord(layer, picture: index, output: current[index].map))
          try write(current[index].map, layer, prepared[index], to: pictures[index])
        }
        return
      }
      normalize(norm, number, normalization)
      if let observe {
        for index in pictures.indices {
          observe(
            LayerRecord(
              layer, picture: index, output: current[index].map, statistics: statistics[index],
              affine: current[index].affine))
        }
      }
      if layer.description.closesResidualBlock { addSkipped(number) }
    }
  }

  /// Makes ready for the pictures' sizes, where those before had others.
  private func prepare(_ pictures: [Picture]) {
    if prepared.count > pictures.count { prepared.removeLast(prepared.count - pictures.count) }
    for (index, picture) in pictures.enumerated() {
      if index == prepared.count {
        prepared.append(PreparedPicture(network, width: picture.width, height: picture.height))
      } else if prepared[index].width != picture.width || prepared[index].height != picture.height {
        prepared[index] = PreparedPicture(network, width: picture.width, height: picture.height)
      }
    }
  }

  private func endExecution() {
    current.removeAll(keepingCapacity: true)
    skipped.removeAll(keepingCapacity: true)
    workspace.endExecution()
  }

  /// What the network calls black.
  private var black: Float { Float(network.description.inputRange.lowerBound) }

  /// What it calls a step of 1 in 0…255.
  private var unit: Float {
    let range = network.description.inputRange
    return Float((range.upperBound - range.lowerBound) / 255)
  }

  /// The picture's pixels as the first layer's input, `[3, H, W]`, extended where it is too small.
  private func read(_ picture: Picture, _ prepared: PreparedPicture) throws -> Activation {
    let height = Picture.extended(picture.height)
    let width = Picture.extended(picture.width)
    let lanes = FeatureMap.pixelLanes
    let map = FeatureMap(
      channels: 3, height: height, width: width, lanes: lanes, rows: 0..<height,
      buffer: workspace.take(
        FeatureMap.sampleCount(channels: 3, width: width, rows: height, lanes: lanes)))
    let row = prepared.row
    let (black, unit) = (black, unit)
    for y in 0..<picture.height {
      try picture.readRow(y, row)
      let pixels = map.row(y)
      for x in 0..<picture.width {
        for channel in 0..<3 {
          pixels[x * lanes + channel] = black + unit * row[3 * x + channel]
        }
        pixels[x * lanes + 3] = 0
      }
      for x in picture.width..<max(width, picture.width) {
        (pixels + x * lanes).update(
          from: pixels + Picture.mirrored(x, picture.width) * lanes, count: lanes)
      }
    }
    for y in picture.height..<max(height, picture.height) {
      map.row(y).update(
        from: map.row(Picture.mirrored(y, picture.height)), count: width * lanes)
    }
    return Activation(map: map, affine: prepared.identity, center: prepared.identity.shift)
  }

  /// Puts one layer's output for one picture in the place of its input.
  private func convolve(_ layer: PreparedLayer, _ index: Int, _ progress: ExecutionProgress)
    throws(StyleNetworkError)
  {
    let input = current[index]
    let output = FeatureMap(
      channels: layer.outputChannels, height: layer.outputHeight,
      width: layer.tiling.outputColumns, rows: 0..<layer.outputHeight,
      buffer: workspace.take(layer.outputCount))
    layer.convolution.run(
      rows: output.rows, from: input, into: output, moments: layer.strips, scratch: scratch,
      pool: pool, progress: progress)
    guard !progress.isCancelled else { throw .cancelled }
    if !layer.layer.description.opensResidualBlock { workspace.give(input.map.buffer) }
    current[index] = Activation(map: output, affine: layer.affine, center: layer.center)
  }

  /// Turns what layer `number` has measured into what every picture is normalized with.
  private func normalize(_ norm: NormLayer, _ number: Int, _ normalization: Normalization) {
    let channels = norm.gamma.count
    let isSized = moments.count == current.count && moments.allSatisfy { $0.capacity >= channels }
    if !isSized {
      moments = current.map { _ in [] }
      statistics = current.map { _ in [] }
    }
    for index in current.indices {
      moments[index].resize(to: channels, filling: ChannelMoments())
      statistics[index].resize(to: channels, filling: Statistics())
      prepared[index].layers[number].strips?.merge(into: &moments[index])
    }
    normalization.set(&statistics, from: moments, stored: norm.stored)
    for index in current.indices {
      prepared[index].layers[number].normalize(
        norm, statistics[index], areMeasured: normalization != .batch, moments: moments[index])
    }
  }

  /// Ends a residual block. The sum takes the place of what went around it.
  private func addSkipped(_ number: Int) {
    for index in current.indices {
      let (residual, around) = (current[index], skipped[index])
      let layer = prepared[index].layers[number]
      addition.run(rows: around.map.rows, residual, around, into: around.map, pool: pool)
      workspace.give(residual.map.buffer)
      for channel in 0..<layer.center.count {
        layer.center.start[channel] += around.center.start[channel]
      }
      current[index] = Activation(map: around.map, affine: layer.sum, center: layer.center)
    }
    skipped.removeAll(keepingCapacity: true)
  }

  /// Hands the last layer's output to the picture, cropped to its size.
  private func write(
    _ map: FeatureMap, _ layer: StyleNetwork.Layer, _ prepared: PreparedPicture,
    to picture: Picture
  ) throws {
    let perBlock = layer.convolution.algorithm.outputLanes
    let row = prepared.row
    let (black, unit) = (black, unit)
    for y in 0..<picture.height {
      var block = map.row(y)
      var sample = 0
      // Infinite or no number where all bits of the exponent are set.
      var largestExponent: UInt32 = 0
      while sample < row.count {
        let lanes = min(perBlock, row.count - sample)
        for lane in 0..<lanes {
          let value = (block[lane] - black) / unit
          largestExponent = max(largestExponent, value.bitPattern & 0x7F80_0000)
          row[sample + lane] = value
        }
        sample += lanes
        block += FeatureMap.blockLanes
      }
      guard largestExponent < 0x7F80_0000 else {
        throw StyleNetworkError.outputNotFinite(row: y)
      }
      try picture.writeRow(y, UnsafeBufferPointer(row))
    }
  }
}

extension Array {
  /// Makes it so long, in the memory that it has where that is enough.
  fileprivate mutating func resize(to count: Int, filling element: Element) {
    if self.count > count { removeLast(self.count - count) }
    while self.count < count { append(element) }
  }
}
