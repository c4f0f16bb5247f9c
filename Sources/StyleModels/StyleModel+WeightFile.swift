import WeightFiles

extension StyleModel {
  /// Tells whether `file` says that it is a style, rightly or not.
  public static func recognizes(_ file: WeightFile) -> Bool {
    file.metadata.keys.contains(MetadataKey.formatVersion.rawValue)
      && file.metadata.keys.contains(MetadataKey.architecture.rawValue)
  }

  /// Reads a style from the contents of a weight file.
  ///
  /// - Throws: `StyleModelError.notAStyle`, `.newerFormat`, or `.faults` with every missing or
  ///   invalid key and every missing, surplus or mis-shaped tensor. Tensors are checked where
  ///   width and number of blocks are known.
  public init(weightFile file: WeightFile) throws(StyleModelError) {
    let keys = Set(MetadataKey.allCases.map(\.rawValue))
    if keys.isDisjoint(with: file.metadata.keys) { throw .notAStyle }
    var reader = MetadataReader(file.metadata)
    try reader.checkVersion()
    let network = reader.network()
    self.name = reader.text(.name) ?? ""
    self.licence = reader.text(.licence) ?? ""
    self.training = reader.text(.training) ?? ""
    self.description = network ?? NetworkDescription(width: 1)
    self.card = file.metadata.filter { !keys.contains($0.key) }
    self.weights = file.tensors
    let faults = reader.faults + (network.map(faults(against:)) ?? [])
    guard faults.isEmpty else { throw .faults(faults) }
  }

  /// The contents of this style's file. A key of the card that a style's own has gives way.
  public func weightFile() -> WeightFile {
    WeightFile(metadata: metadata, tensors: weights)
  }

  var metadata: [String: String] {
    var result = card
    for key in MetadataKey.allCases { result[key.rawValue] = value(of: key) }
    return result
  }

  private func value(of key: MetadataKey) -> String {
    switch (key, description.architecture) {
    case (.formatVersion, _): "\(MetadataReader.formatVersion)"
    case (.architecture, .fastNeuralStyle): MetadataReader.architecture
    case (.width, .fastNeuralStyle(let network)): "\(network.width)"
    case (.residualBlocks, .fastNeuralStyle(let network)): "\(network.residualBlocks)"
    case (.padding, .fastNeuralStyle(let network)): network.padding.rawValue
    case (.upsampling, .fastNeuralStyle(let network)): network.upsampling.rawValue
    case (.outputActivation, .fastNeuralStyle(let network)): network.outputActivation.rawValue
    case (.norm, _): description.norm.rawValue
    case (.groups, _): "\(description.groups)"
    case (.epsilon, _): "\(description.epsilon)"
    case (.inputRange, _):
      "\(description.inputRange.lowerBound),\(description.inputRange.upperBound)"
    case (.name, _): name
    case (.licence, _): licence
    case (.training, _): training
    }
  }
}
