import WeightFiles

extension NetworkDescription {
  /// The tensors of this network's weights, in the order in which they are used.
  ///
  /// - Parameter statistics: Whether the norms' stored means and variances are among them.
  /// - Precondition: as for `convolutions`.
  public func tensors(withStatistics statistics: Bool) -> [(name: String, shape: [Int])] {
    convolutions.flatMap { convolution in
      var tensors = [
        (name: "\(convolution.name).weight", shape: convolution.weightShape),
        (name: "\(convolution.name).bias", shape: [convolution.outputChannels]),
      ]
      if let norm = convolution.norm {
        let parts = ["gamma", "beta"] + (statistics ? ["mean", "variance"] : [])
        tensors += parts.map { (name: "\(norm.name).\($0)", shape: [norm.channels]) }
      }
      return tensors
    }
  }
}

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

  /// What in the weights, or between them and the norm, doesn't fit `network`.
  ///
  /// Statistics are stored for all norms or none; under `Norm.batch` they must be there.
  func faults(against network: NetworkDescription) -> [StyleModelError.Fault] {
    var faults: [StyleModelError.Fault] = []
    if network.norm == .group, !network.groupsDivide {
      faults.append(.groupsDoNotDivide(groups: network.groups, channels: network.width))
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
      guard name.hasSuffix(".variance") else { continue }
      for (channel, value) in tensor.values.enumerated() where value < 0 {
        faults.append(.negativeVariance(name, channel: channel, found: value))
      }
    }
    return faults
  }
}
