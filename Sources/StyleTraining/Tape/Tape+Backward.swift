import Layers
import StyleModels
import Tensors

/// The way back: from gradients by layers' results to those by pictures, norms and weights.
extension Tape {
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
      self.convolve(
        backward.convolution, Activation(map: gradient, affine: identity, center: identity.shift),
        into: map, tiling: tiling)
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
