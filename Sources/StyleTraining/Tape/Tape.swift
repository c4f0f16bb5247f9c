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
  private let network: TrainableNetwork
  private let pool: WorkerPool
  private let memory: PartMemory
  private let progress: ExecutionProgress
  private var layers: [Layer] = []
  private let records: [[Record]]
  private let normGradient: NormGradientRun
  private let maximum: MaximumGradient
  private let addition: ResidualAddition
  /// The gradient by a layer's padded input.
  private let padded: AlignedBuffer
  /// The gradient by a convolution's output where what it is made of is still wanted.
  private let behindSum: AlignedBuffer
  private let identity: ChannelAffine
  private let momentsMemory: UnsafeMutablePointer<Double>

  /// What a layer has for pictures of this size.
  private struct Layer {
    let geometry: ConvolutionGeometry
    let tiling: ConvolutionTiling
    let backwardTiling: ConvolutionTiling?
    let padding: PaddingGradient?
    let paddedInput: PaddedInput?
    var weights: WeightGradient?
  }

  /// A layer of one image.
  private final class Record {
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

    init(map: FeatureMap, affine: ChannelAffine, sum: FeatureMap?, channels: Int) {
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
    for layer in used {
      let description = layer.description
      let size =
        switch description.input {
        case .picture: (height: height, width: width)
        case .output(let index): sizes[index]
        }
      let geometry = layer.forward.geometry(inputHeight: size.height, inputWidth: size.width)
      sizes.append((geometry.outputHeight, geometry.outputWidth))
      let tiling = layer.forward.tiling(geometry)
      momentCount = max(
        momentCount,
        StripMoments.valueCount(tiling, strips: geometry.strips, channels: layer.channels))
      var (backwardTiling, padding): (ConvolutionTiling?, PaddingGradient?)
      if let backward = layer.backward {
        let back = backward.convolution.geometry(
          inputHeight: geometry.outputHeight, inputWidth: geometry.outputWidth)
        let tiling = backward.convolution.tiling(back)
        backwardTiling = tiling
        paddedCount = max(
          paddedCount,
          FeatureMap.sampleCount(
            channels: backward.convolution.algorithm.outputLanes, width: tiling.outputColumns,
            rows: back.outputHeight, lanes: backward.convolution.algorithm.mapLanes))
        if !backward.isDirect {
          padding = PaddingGradient(
            geometry, height: back.outputHeight, width: back.outputWidth,
            kernels: network.kernels, pool: pool)
        }
      }
      if description.adds != nil {
        sumCount = max(
          sumCount,
          FeatureMap.sampleCount(
            channels: layer.channels, width: geometry.outputWidth, rows: geometry.outputHeight))
      }
      let readsPixels = description.convolution.outputChannels == 3
      var (weights, paddedInput): (WeightGradient?, PaddedInput?)
      if trainsWeights {
        if readsPixels, let backward = layer.backward {
          let back = backward.convolution.geometry(
            inputHeight: geometry.outputHeight, inputWidth: geometry.outputWidth)
          weights = WeightGradient(backward.convolution, back, pool: pool)
          paddedInput = PaddedInput(
            geometry, width: back.outputWidth, kernels: network.kernels, pool: pool)
        } else {
          weights = WeightGradient(layer.forward, geometry, pool: pool)
        }
      }
      layers.append(
        Layer(
          geometry: geometry, tiling: tiling, backwardTiling: backwardTiling, padding: padding,
          paddedInput: paddedInput, weights: weights))
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

  private func input(of layer: Int, _ image: Int, _ picture: FeatureMap) -> Activation {
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

  // Backward

  /// The gradient by a layer's result, to be written by whoever wants it to be something: the first
  /// writer sets every sample.
  func seed(_ layer: Int, _ image: Int = 0) -> FeatureMap {
    let record = records[image][layer]
    guard let gradient = record.gradient else {
      preconditionFailure("gradients begin at layers that nothing is added to")
    }
    record.hasGradient = true
    return gradient
  }

  /// Leads gradients back from the layers that have one.
  ///
  /// - Parameters:
  ///   - norms: As they were in `forward`.
  ///   - take: Is given the gradient by gamma and beta of each norm.
  /// - Returns: The gradient by the pictures, as blocks of several pixels, of one image alone; nil
  ///   where it isn't wanted.
  @discardableResult
  func backward(
    norms: [[StyleParameters.Norm]] = [], _ normalization: Normalization = .instance,
    pictures: [FeatureMap] = [],
    take: (_ image: Int, _ norm: Int, _ moments: [GradientMoments]) -> Void = { _, _, _ in }
  ) -> FeatureMap? {
    for index in layers.indices.reversed() where records[0][index].hasGradient {
      let node = network.layers[index]
      let affines = node.norm.map { norm in
        gradientAffines(index, norm, norms, normalization, take)
      }
      for image in 0..<images {
        let gradient = behindActivation(index, image, affines?[image])
        if let weights = layers[index].weights {
          add(to: weights, index, gradient, input(of: index, image, pictures[image]))
        }
        if let result = leadBack(gradient, index, image) { return result }
      }
    }
    return nil
  }

  private func gradientAffines(
    _ index: Int, _ norm: Int, _ norms: [[StyleParameters.Norm]], _ normalization: Normalization,
    _ take: (Int, Int, [GradientMoments]) -> Void
  ) -> [[GradientAffine]] {
    let channels = network.layers[index].channels
    let moments = (0..<images).map { image in
      let record = records[image][index]
      var moments = [GradientMoments](repeating: GradientMoments(), count: channels)
      if let gradient = record.gradient {
        normGradient.measure(
          gradient,
          of: Activation(map: record.map, affine: record.affine, center: identity.shift),
          statistics: record.statistics, epsilon: network.epsilon, into: &moments, pool: pool)
      }
      take(image, norm, moments)
      return moments
    }
    var affines = moments.map { $0.map { _ in GradientAffine() } }
    normalization.setGradient(
      &affines, from: moments, statistics: (0..<images).map { records[$0][index].statistics },
      styles: norms.map { $0[norm] }, epsilon: network.epsilon)
    return affines
  }

  /// The gradient by a convolution's output.
  private func behindActivation(_ index: Int, _ image: Int, _ affines: [GradientAffine]?)
    -> FeatureMap
  {
    let (record, description) = (records[image][index], network.layers[index].description)
    guard let gradient = record.gradient else {
      preconditionFailure("a layer is led back through once its gradient is there")
    }
    if affines == nil, description.activation == .identity { return gradient }
    var output = gradient
    if let added = description.adds {
      output = FeatureMap(
        channels: gradient.channels, height: gradient.height, width: gradient.width,
        rows: gradient.rows, buffer: behindSum)
      // A sum's gradient is that of either part.
      let other = records[image][added]
      precondition(!other.hasGradient, "a result is added once")
      (other.gradient, other.hasGradient) = (gradient, true)
    }
    normGradient.apply(
      affines, to: gradient,
      of: Activation(map: record.map, affine: record.affine, center: identity.shift), into: output,
      pool: pool)
    return output
  }

  private func add(
    to weights: WeightGradient, _ index: Int, _ gradient: FeatureMap, _ input: Activation
  ) {
    guard let paddedInput = layers[index].paddedInput, let tiling = layers[index].backwardTiling,
      let backward = network.layers[index].backward
    else { return weights.add(input, gradient) }
    // Roles are changed about: the gradient is the picture that the way back reads.
    let whole = paddedMap(backward.convolution, tiling)
    paddedInput.run(input, into: whole)
    weights.add(
      Activation(map: gradient, affine: identity, center: identity.shift), whole)
  }

  private func paddedMap(_ backward: ConvolutionLayer, _ tiling: ConvolutionTiling) -> FeatureMap {
    FeatureMap(
      channels: backward.algorithm.outputLanes, height: tiling.geometry.outputHeight,
      width: tiling.outputColumns, lanes: backward.algorithm.mapLanes,
      rows: 0..<tiling.geometry.outputHeight, buffer: padded)
  }

  /// Leads the gradient by a convolution's output on to its input; returns the picture's.
  private func leadBack(_ gradient: FeatureMap, _ index: Int, _ image: Int) -> FeatureMap? {
    let (layer, node) = (layers[index], network.layers[index])
    guard let backward = node.backward, let tiling = layer.backwardTiling else { return nil }
    func convolve(into map: FeatureMap) {
      ConvolutionRun(backward.convolution, tiling).run(
        rows: 0..<map.height,
        from: Activation(map: gradient, affine: identity, center: identity.shift), into: map,
        moments: nil, memory: memory, pool: pool, progress: progress)
    }
    let whole = paddedMap(backward.convolution, tiling)
    guard case .output(let input) = node.description.input else {
      precondition(backward.isDirect, "gradients reach pictures under zero padding")
      convolve(into: whole)
      return whole
    }
    let record = records[image][input]
    guard let target = record.gradient else {
      preconditionFailure("a sum has been led back before what it adds")
    }
    let adds = record.hasGradient
    record.hasGradient = true
    let isPooled = node.description.resampling == .maximum
    if backward.isDirect, !isPooled, !adds {
      convolve(into: target)
      return nil
    }
    convolve(into: whole)
    if let padding = layer.padding {
      precondition(!isPooled, "maxima are led back through under zero padding")
      padding.run(whole, into: target, adds: adds)
    } else if isPooled {
      maximum.run(whole, of: output(of: input, image), into: target, adds: adds)
    } else {
      addition.run(
        rows: 0..<target.height,
        Activation(map: target, affine: identity, center: identity.shift),
        Activation(map: whole, affine: identity, center: identity.shift), into: target, pool: pool)
    }
    return nil
  }

  /// Runs a convolution of a map that the network has made.
  func convolve(_ layer: ConvolutionLayer, _ input: Activation, into output: FeatureMap) {
    let geometry = layer.geometry(inputHeight: input.map.height, inputWidth: input.map.width)
    ConvolutionRun(layer, layer.tiling(geometry)).run(
      rows: 0..<output.height, from: input, into: output, moments: nil, memory: memory, pool: pool,
      progress: progress)
  }

  // Weights

  /// Begins the sums of the weights' gradients anew.
  func clearWeightGradients() {
    for layer in layers { layer.weights?.clear() }
  }

  /// Puts the gradient by a layer's weights, `[O, I, K, K]`, added up over all images since they were
  /// cleared, into `values`.
  func weightGradient(ofLayer index: Int, into values: inout [Float]) {
    guard let weights = layers[index].weights else {
      preconditionFailure("the tape was made for gradients by weights")
    }
    weights.store(into: &values)
    guard layers[index].paddedInput != nil, let backward = network.layers[index].backward else {
      return
    }
    values = InputGradient.turned(
      values, backward.convolution.description.convolution, isFlipped: true)
  }
}
