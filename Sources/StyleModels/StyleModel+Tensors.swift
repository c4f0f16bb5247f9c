import WeightFiles

extension StyleModel {
  /// Throws all that would keep this style from being read or run.
  func check() throws(StyleModelError) {
    var reader = MetadataReader(metadata)
    try reader.checkVersion()
    let network = reader.network()
    for key in [MetadataKey.name, .licence, .training] { _ = reader.text(key) }
    let faults = reader.faults + (network.map(faults(against:)) ?? [])
    guard faults.isEmpty else { throw .faults(faults) }
  }

  /// Finds what in the weights, or between them and the norm, doesn't fit `network`.
  ///
  /// Statistics are stored for all norms or none; under `Norm.batch` they must be there.
  func faults(against network: NetworkDescription) -> [StyleModelError.Fault] {
    var faults: [StyleModelError.Fault] = []
    if network.norm == .group, let channels = network.channelsThatGroupsDoNotDivide {
      faults.append(.groupsDoNotDivide(groups: network.groups, channels: channels))
    }
    let withStatistics = network.tensors(withStatistics: true)
    let withoutStatistics = network.tensors(withStatistics: false)
    let statistics = Set(withStatistics.map(\.name)).subtracting(withoutStatistics.map(\.name))
    let areStored = network.norm == .batch || !statistics.isDisjoint(with: weights.keys)
    let expected = areStored ? withStatistics : withoutStatistics
    faults += TensorFault.faults(in: weights, expected: expected).map { .tensor($0) }
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
      values(of: "\(layer.name).weight"),
      layer.convolution.hasBias
        ? values(of: "\(layer.name).bias")
        : [Float](repeating: 0, count: layer.convolution.outputChannels)
    )
  }

  /// The part of the weights that is the style's own.
  public var parameters: StyleParameters {
    let layers = description.layers
    return StyleParameters(
      norms: layers.compactMap(\.norm).map { norm in
        StyleParameters.Norm(
          gamma: values(of: "\(norm).gamma"), beta: values(of: "\(norm).beta"),
          stored: weights["\(norm).mean"].map { mean in
            .init(mean: mean.values, variance: values(of: "\(norm).variance"))
          })
      },
      colorShift: layers.last.map { convolution(of: $0).bias } ?? [])
  }

  private func values(of tensor: String) -> [Float] {
    guard let tensor = weights[tensor] else {
      preconditionFailure("every tensor of the network was found when the style was made")
    }
    return tensor.values
  }
}
