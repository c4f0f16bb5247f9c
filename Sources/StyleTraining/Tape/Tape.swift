import Layers
import StyleModels
import Tensors

/// What a network made of a batch of pictures of one size, kept until gradients have been led back.
///
/// Every map is kept as the convolution made it, before its norm, with the numbers that normalize it:
/// that is all the way back wants. Memory is taken once.
final class Tape {
  /// The size of the batch's pictures.
  let height, width: Int
  let images: Int
  let network: TrainableNetwork
  let pool: WorkerPool
  private let memory: PartMemory
  private let progress: ExecutionProgress
  private(set) var layers: [TapeLayer] = []
  let records: [[Record]]
  let normGradient: NormGradientRun
  let maximum: MaximumGradient
  let addition: ResidualAddition
  /// The gradient by a layer's padded input.
  let padded: AlignedBuffer
  /// The gradient by a convolution's output where what it is made of is still wanted.
  let behindSum: AlignedBuffer
  let identity: ChannelAffine
  private let momentsMemory: UnsafeMutablePointer<Double>

  /// A layer of one image.
  final class Record {
    /// The convolution's output.
    let map: FeatureMap
    /// What is done to it.
    let affine: ChannelAffine
    /// The result where another layer's is added.
    let sum: FeatureMap?
    var statistics: [Statistics]
    var moments: [ChannelMoments]
    /// The gradient by the result.
    var gradient: FeatureMap?
    var hasGradient = false

    fileprivate init(map: FeatureMap, affine: ChannelAffine, sum: FeatureMap?, channels: Int) {
      self.map = map
      self.affine = affine
      self.sum = sum
      statistics = [Statistics](repeating: Statistics(), count: channels)
      moments = [ChannelMoments](repeating: ChannelMoments(), count: channels)
    }
  }

  /// - Parameters:
  ///   - count: The layers that are run, of all from the first; nil for all.
  ///   - trainsWeights: Whether the gradients by the convolutions' weights are wanted.
  ///   - progress: Once it is cancelled, what is asked for comes soon and means nothing.
  init(
    _ network: TrainableNetwork, layers count: Int? = nil, images: Int, height: Int, width: Int,
    trainsWeights: Bool, pool: WorkerPool, progress: ExecutionProgress = ExecutionProgress()
  ) {
    self.network = network
    self.images = images
    self.height = height
    self.width = width
    self.pool = pool
    self.progress = progress
    memory = PartMemory(workers: pool.workers)
    let used = network.layers.prefix(count ?? network.layers.count)
    let channels =
      used.flatMap {
        [$0.description.convolution.inputChannels, $0.description.convolution.outputChannels]
      }.max() ?? 1
    normGradient = NormGradientRun(channels: channels, kernels: network.kernels)
    maximum = MaximumGradient(kernels: network.kernels, pool: pool)
    addition = ResidualAddition(kernels: network.kernels)
    identity = ChannelAffine(identityOf: channels)

    var sizes = [(height: Int, width: Int)]()
    var (paddedCount, sumCount, momentCount) = (0, 0, 0)
    for node in used {
      let size =
        switch node.description.input {
        case .picture: (height: height, width: width)
        case .output(let index): sizes[index]
        }
      let layer = TapeLayer(
        node, inputHeight: size.height, inputWidth: size.width, trainsWeights: trainsWeights,
        kernels: network.kernels, pool: pool)
      layers.append(layer)
      sizes.append((layer.geometry.outputHeight, layer.geometry.outputWidth))
      paddedCount = max(paddedCount, layer.paddedCount)
      momentCount = max(momentCount, layer.momentCount)
      if node.description.adds != nil { sumCount = max(sumCount, layer.outputCount) }
    }
    padded = AlignedBuffer(count: paddedCount)
    behindSum = AlignedBuffer(count: sumCount)
    momentsMemory = .allocate(capacity: momentCount)
    // Layers whose gradient takes over that of the sum that they are part of.
    let summands = Set(used.compactMap(\.description.adds))
    records = (0..<images).map { _ in
      used.enumerated().map { element in
        let (index, layer) = element
        let (height, width) = sizes[index]
        let isPicture = layer.channels == 3
        let record = Record(
          map: isPicture
            ? .pixels(height: height, width: width)
            : .map(channels: layer.channels, height: height, width: width),
          affine: ChannelAffine(
            identityOf: layer.channels, activation: layer.description.activation),
          sum: layer.description.adds.map { _ in
            .map(channels: layer.channels, height: height, width: width)
          }, channels: layer.channels)
        guard network.goesBack else { return record }
        if isPicture {
          record.gradient = .pixels(height: height, width: width)
        } else if !summands.contains(index) {
          record.gradient = .map(channels: layer.channels, height: height, width: width)
        }
        return record
      }
    }
  }

  deinit { momentsMemory.deallocate() }

  // Forward

  /// Runs the network.
  ///
  /// - Parameters:
  ///   - pictures: What the first layer reads, `[N]` of `[H, W, 4]`.
  ///   - count: The layers to run, from the first; nil for all.
  ///   - norms: Gamma and beta of each norm, of each image, `[N][norms]`.
  func forward(
    _ pictures: [FeatureMap], layers count: Int? = nil, norms: [[StyleParameters.Norm]] = [],
    _ normalization: Normalization = .instance
  ) {
    for index in 0..<(count ?? layers.count) {
      let (layer, node) = (layers[index], network.layers[index])
      let run = ConvolutionRun(node.forward, layer.tiling)
      for image in 0..<images {
        let record = records[image][index]
        record.hasGradient = false
        let measured = node.norm.map { _ in
          StripMoments(layer.tiling, from: 0, channels: node.channels, in: momentsMemory)
        }
        run.run(
          rows: 0..<layer.geometry.outputHeight, from: input(of: index, image, pictures[image]),
          into: record.map, moments: measured, memory: memory, pool: pool, progress: progress)
        for channel in record.moments.indices { record.moments[channel] = ChannelMoments() }
        measured?.merge(0..<layer.geometry.strips, into: &record.moments)
      }
      if let norm = node.norm { normalize(index, norm, norms, normalization) }
      guard let added = node.description.adds else { continue }
      for image in 0..<images {
        let record = records[image][index]
        guard let sum = record.sum else { continue }
        addition.run(
          rows: 0..<sum.height,
          Activation(map: record.map, affine: record.affine, center: identity.shift),
          output(of: added, image), into: sum, pool: pool)
      }
    }
  }

  private func normalize(
    _ index: Int, _ norm: Int, _ norms: [[StyleParameters.Norm]], _ normalization: Normalization
  ) {
    var statistics = records.map { $0[index].statistics }
    normalization.set(
      &statistics, from: records.map { $0[index].moments }, stored: norms.map { $0[norm].stored })
    for image in 0..<images {
      records[image][index].statistics = statistics[image]
      records[image][index].affine.set(
        statistics[image], areMeasured: normalization != .batch, norms[image][norm],
        epsilon: network.epsilon)
    }
  }

  func input(of layer: Int, _ image: Int, _ picture: FeatureMap) -> Activation {
    switch network.layers[layer].description.input {
    case .picture: Activation(map: picture, affine: identity, center: identity.shift)
    case .output(let index): output(of: index, image)
    }
  }

  /// A layer's result, all that is done to it pending or done.
  func output(of layer: Int, _ image: Int = 0) -> Activation {
    let record = records[image][layer]
    guard let sum = record.sum else {
      return Activation(map: record.map, affine: record.affine, center: identity.shift)
    }
    return Activation(map: sum, affine: identity, center: identity.shift)
  }

  /// The moments of each channel of a layer's convolution.
  func moments(of layer: Int, _ image: Int) -> [ChannelMoments] { records[image][layer].moments }

  /// Runs a convolution of a map that the network has made.
  func convolve(
    _ layer: ConvolutionLayer, _ input: Activation, into output: FeatureMap,
    tiling: ConvolutionTiling? = nil
  ) {
    let tiling =
      tiling
      ?? layer.tiling(layer.geometry(inputHeight: input.map.height, inputWidth: input.map.width))
    ConvolutionRun(layer, tiling).run(
      rows: 0..<output.height, from: input, into: output, moments: nil, memory: memory, pool: pool,
      progress: progress)
  }
}
