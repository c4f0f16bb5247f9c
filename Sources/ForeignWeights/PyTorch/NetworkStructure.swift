import StyleModels

/// The layers that a file's tensors make, whatever they are called.
struct NetworkStructure {
  /// Tensors whose names are alike but for what they end in.
  private struct Layer {
    var name: String
    var tensors: [Part: (name: String, shape: [Int])] = [:]

    var weight: [Int] { tensors[.weight]?.shape ?? [] }
  }

  private enum Part: CaseIterable {
    case weight, bias, mean, variance

    init?(_ name: String) {
      switch name {
      case "weight", "scale", "gamma": self = .weight
      case "bias", "shift", "beta": self = .bias
      case "running_mean": self = .mean
      case "running_var": self = .variance
      default: return nil
      }
    }

    /// What the part is called in our files.
    func name(ofNorm isNorm: Bool) -> String {
      switch self {
      case .weight: isNorm ? "gamma" : "weight"
      case .bias: isNorm ? "beta" : "bias"
      case .mean: "mean"
      case .variance: "variance"
      }
    }
  }

  private var convolutions: [Layer] = []
  private var norms: [Layer] = []
  private var differences: [NetworkDifference] = []

  /// - Parameters:
  ///   - tensors: The tensors in the order of the layers.
  ///   - isOrdered: Whether that order is the file's own, and not that of the names.
  init(_ tensors: PyTorchNames.Shapes, isOrdered: Bool) {
    var layers: [Layer] = []
    var numbers: [String: Int] = [:]
    for tensor in tensors {
      let last = PyTorchNames.lastPart(of: tensor.name)
      let name = String(tensor.name.dropLast(last.count + 1))
      let number = numbers[name] ?? layers.count
      if let part = Part(last), numbers[name] == nil || layers[number].tensors[part] == nil {
        if number == layers.count { layers.append(Layer(name: name)) }
        numbers[name] = number
        layers[number].tensors[part] = tensor
      } else {
        differences.append(.unknown(tensor.name, found: tensor.shape))
      }
    }
    for layer in layers {
      switch layer.weight.count {
      case 4: convolutions.append(layer)
      case 1: norms.append(layer)
      case 2:
        differences.append(
          .fullyConnected(layer.tensors[.weight]?.name ?? layer.name, found: layer.weight))
      default:
        differences += Part.allCases.compactMap { layer.tensors[$0] }.map {
          .unknown($0.name, found: $0.shape)
        }
      }
    }
    for layers in [convolutions, norms] { checkOrder(of: layers, isOrdered: isOrdered) }
  }

  /// Finds layers that could change places: of one shape, and neither the file nor a number in their
  /// names says which comes first.
  private mutating func checkOrder(of layers: [Layer], isOrdered: Bool) {
    var last: [[Int]: String] = [:]
    for layer in layers {
      if let before = last.updateValue(layer.name, forKey: layer.weight) {
        let (first, second) = NaturalOrder.difference(before, layer.name)
        if case .number(let first) = first, case .number(let second) = second {
          if first > second { differences.append(.outOfOrder(before, before: layer.name)) }
        } else if !isOrdered {
          differences.append(.ambiguous(before, layer.name))
        }
      }
    }
  }

  /// The network that the layers make in this order, and the file's name for each tensor of ours.
  ///
  /// - Throws: `ForeignWeightsError.notThePublishedNetwork` with every difference.
  func network(
    withStatistics: Bool
  ) throws(ForeignWeightsError) -> (network: FastNeuralStyle, sources: [String: String]) {
    var findings = NetworkFindings(
      convolutions: convolutions.count, norms: norms.count, differences: differences)
    if isVGG {
      findings.differences = [.vgg]
      throw .notThePublishedNetwork(findings)
    }
    guard let network = network(noting: &findings) else {
      throw .notThePublishedNetwork(findings)
    }
    var sources: [String: String] = [:]
    let layers = network.layers
    for (layer, found) in zip(layers, convolutions) {
      let shapes: [Part: [Int]] = [
        .weight: layer.convolution.weightShape, .bias: [layer.convolution.outputChannels],
      ]
      findings.differences += differences(of: found, from: shapes, isNorm: false)
      for (part, tensor) in found.tensors {
        sources["\(layer.name).\(part.name(ofNorm: false))"] = tensor.name
      }
    }
    for (layer, found) in zip(layers, norms) where norms.count == layers.count - 1 {
      let channels = [layer.convolution.outputChannels]
      var shapes: [Part: [Int]] = [.weight: channels, .bias: channels]
      if withStatistics { (shapes[.mean], shapes[.variance]) = (channels, channels) }
      findings.differences += differences(of: found, from: shapes, isNorm: true)
      for (part, tensor) in found.tensors {
        sources["\(layer.norm ?? "").\(part.name(ofNorm: true))"] = tensor.name
      }
    }
    guard findings.differences.isEmpty else { throw .notThePublishedNetwork(findings) }
    return (network, sources)
  }

  /// VGG's first convolutions.
  private var isVGG: Bool {
    convolutions.prefix(3).map(\.weight) == [[64, 3, 3, 3], [64, 64, 3, 3], [128, 64, 3, 3]]
  }

  /// The network of this width and of so many layers, or nil where there is none.
  private func network(noting findings: inout NetworkFindings) -> FastNeuralStyle? {
    let blocks = (convolutions.count - 6) / 2
    guard let first = convolutions.first, convolutions.count == 6 + 2 * blocks,
      Architecture.residualBlockCounts.contains(blocks)
    else {
      findings.differences.append(.convolutionCount(convolutions.count))
      return nil
    }
    if norms.count != convolutions.count - 1 {
      findings.differences.append(
        .normCount(norms.count, expected: convolutions.count - 1))
    }
    let width = first.weight[0]
    guard Architecture.widths.contains(width), first.weight == [width, 3, 9, 9] else {
      findings.differences.append(.firstConvolution(first.name, found: first.weight))
      return nil
    }
    (findings.width, findings.residualBlocks) = (width, blocks)
    return FastNeuralStyle(width: width, residualBlocks: blocks)
  }

  private func differences(
    of layer: Layer, from shapes: [Part: [Int]], isNorm: Bool
  ) -> [NetworkDifference] {
    Part.allCases.compactMap { part in
      switch (shapes[part], layer.tensors[part]) {
      case (nil, nil): nil
      case (nil, let found?): .unknown(found.name, found: found.shape)
      case (let expected?, nil):
        .missing("\(layer.name).\(part.name(ofNorm: isNorm))", expected: expected)
      case (let expected?, let found?):
        if found.shape == expected {
          nil
        } else if found.shape.count == 4,
          [found.shape[1], found.shape[0]] + found.shape[2...] == expected
        {
          .transposed(found.name, found: found.shape)
        } else {
          .misshaped(found.name, expected: expected, found: found.shape)
        }
      }
    }
  }
}
