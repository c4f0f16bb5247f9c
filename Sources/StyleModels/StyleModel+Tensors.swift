import WeightFiles

extension StyleModel {
  /// What is wrong with the values, whatever their shapes.
  var valueFaults: [StyleModelError.Fault] {
    var faults: [StyleModelError.Fault] = []
    let statistics = description.statistics
    for (name, tensor) in weights.sorted(by: { $0.key < $1.key }) {
      // The shapes are those of a network of sane width here, or named above: no overflow.
      let count = tensor.shape.reduce(1, &*)
      if count != tensor.values.count {
        faults.append(.valueCount(name, shape: tensor.shape, found: tensor.values.count))
      }
      guard name.hasSuffix(".variance"), statistics.contains(name) else { continue }
      for (channel, value) in tensor.values.enumerated() where value < 0 {
        faults.append(.negativeVariance(name, channel: channel, found: value))
      }
    }
    return faults
  }
}

extension StyleModel {
  /// The weights of a layer's convolution, `[O, I, K, K]`, and its bias, `[O]`: zeros where it has
  /// none.
  ///
  /// - Precondition: The layer is one of `description.layers`.
  public func convolution(of layer: LayerDescription) -> (weights: [Float], bias: [Float]) {
    (
      Self.values(of: "\(layer.name).weight", in: base?.weights ?? weights),
      layer.convolution.hasBias && base == nil
        ? values(of: "\(layer.name).bias")
        : [Float](repeating: 0, count: layer.convolution.outputChannels)
    )
  }

  func values(of tensor: String) -> [Float] {
    Self.values(of: tensor, in: weights)
  }

  private static func values(of tensor: String, in weights: [String: StoredTensor]) -> [Float] {
    guard let tensor = weights[tensor] else {
      preconditionFailure("every tensor of the network was found when the style was made")
    }
    return tensor.values
  }
}
