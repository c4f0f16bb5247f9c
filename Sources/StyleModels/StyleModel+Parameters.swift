import WeightFiles

extension StyleModel {
  /// The part of the weights that is the style's own, as the network takes it.
  public var parameters: StyleParameters {
    let layers = description.layers
    let norms = layers.compactMap(\.norm).map { norm in
      StyleParameters.Norm(
        gamma: values(of: "\(norm).gamma"), beta: values(of: "\(norm).beta"),
        stored: weights["\(norm).mean"].map { mean in
          .init(mean: mean.values, variance: values(of: "\(norm).variance"))
        })
    }
    guard base != nil else {
      return StyleParameters(
        norms: norms, colorShift: layers.last.map { convolution(of: $0).bias } ?? [])
    }
    // The file's are in levels, whatever the network's own range is.
    let (black, level) = (description.inputRange.lowerBound, description.level)
    return StyleParameters(
      norms: norms,
      colorMatrix: values(of: "color.matrix").map { Float(Double($0) * level) },
      colorShift: values(of: "color.shift").map { Float(black + Double($0) * level) })
  }

  /// Makes a style on a base of its parameters.
  ///
  /// - Throws: `StyleModelError.faults`, as reading a file does.
  public init(
    name: String, _ parameters: StyleParameters, on base: BaseModel, norm: Norm = .instance,
    groups: Int = 4, advice: PaintingAdvice = PaintingAdvice(), licence: String, training: String,
    card: [String: String] = [:]
  ) throws(StyleModelError) {
    var description = base.description
    (description.norm, description.groups) = (norm, groups)
    let (black, level) = (description.inputRange.lowerBound, description.level)
    func tensor(_ values: [Float], shape: [Int]? = nil) -> StoredTensor {
      StoredTensor(shape: shape ?? [values.count], values: values)
    }
    var weights: [String: StoredTensor] = [:]
    for (norm, values) in zip(description.layers.compactMap(\.norm), parameters.norms) {
      weights["\(norm).gamma"] = tensor(values.gamma)
      weights["\(norm).beta"] = tensor(values.beta)
      guard let stored = values.stored else { continue }
      weights["\(norm).mean"] = tensor(stored.mean)
      weights["\(norm).variance"] = tensor(stored.variance)
    }
    let matrix = parameters.colorMatrix ?? [1, 0, 0, 0, 1, 0, 0, 0, 1]
    weights["color.matrix"] = tensor(matrix.map { Float(Double($0) / level) }, shape: [3, 3])
    weights["color.shift"] = tensor(
      parameters.colorShift.map { Float((Double($0) - black) / level) })
    try self.init(
      name: name, description: description, base: base, advice: advice, licence: licence,
      training: training, card: card, weights: weights)
  }
}
