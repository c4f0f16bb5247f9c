import WeightFiles

extension StyleModel {
  /// The same style with convolutions of its own, for black and white at 0 and 255: a file that needs
  /// no base and that other programs can read.
  ///
  /// The last convolution becomes `matrix · W`, its bias `shift`; where the base takes pictures in
  /// another range, that is worked into the first convolution (but under zero padding, whose zeros are
  /// the base's). Rounding apart it paints the same.
  ///
  /// - Throws: `StyleModelError.faults` where the weights leave the range of numbers.
  public func asNetwork(named name: String) throws(StyleModelError) -> StyleModel {
    guard base != nil else { return self }
    var network = description
    var weights = weights
    for (name, _) in NetworkDescription.colorTensors { weights[name] = nil }
    for layer in description.layers {
      let (values, bias) = convolution(of: layer)
      set(&weights, layer, values.map(Double.init), bias.map(Double.init))
    }
    // What a level is in the base's range, if that is to go.
    let isFolded = !description.layers.contains { $0.padding.kind == .zero }
    let (black, level) = isFolded ? (description.inputRange.lowerBound, description.level) : (0, 1)
    if isFolded { network.inputRange = 0...255 }
    let parameters = parameters
    if let last = description.layers.last {
      let (values, _) = convolution(of: last)
      let count = values.count / 3
      let matrix = (parameters.colorMatrix ?? []).map(Double.init)
      var mixed = [Double](repeating: 0, count: values.count)
      for row in 0..<3 {
        for column in 0..<3 {
          for index in 0..<count {
            mixed[row * count + index] +=
              matrix[3 * row + column] * Double(values[column * count + index])
          }
        }
      }
      set(
        &weights, last, mixed.map { $0 / level },
        parameters.colorShift.map { (Double($0) - black) / level })
    }
    if isFolded, let first = description.layers.first {
      // W·(black + level·x).
      let (values, bias) = convolution(of: first)
      let count = values.count / bias.count
      set(
        &weights, first, values.map { Double($0) * level },
        bias.indices.map { channel in
          Double(bias[channel])
            + values[channel * count..<(channel + 1) * count].reduce(0) { $0 + black * Double($1) }
        })
    }
    return try StyleModel(
      name: name, description: network, advice: advice, licence: licence, training: training,
      card: card, weights: weights)
  }

  private func set(
    _ weights: inout [String: StoredTensor], _ layer: LayerDescription, _ values: [Double],
    _ bias: [Double]
  ) {
    weights["\(layer.name).weight"] = StoredTensor(
      shape: layer.convolution.weightShape, values: values.map { Float($0) })
    if layer.convolution.hasBias {
      weights["\(layer.name).bias"] = StoredTensor(
        shape: [bias.count], values: bias.map { Float($0) })
    }
  }
}
