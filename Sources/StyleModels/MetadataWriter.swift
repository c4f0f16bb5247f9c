/// Writes what `MetadataReader` reads. A key of the card that means something to this program gives
/// way.
struct MetadataWriter {
  private(set) var values: [String: String]

  init(_ card: [String: String], kind: FileKind) {
    values = card
    for key in MetadataKey.allCases { values[key.rawValue] = nil }
    set(.formatVersion, "\(MetadataReader.formatVersion)")
    set(.kind, kind.rawValue)
  }

  private mutating func set(_ key: MetadataKey, _ value: String) {
    values[key.rawValue] = value
  }

  mutating func write(_ network: NetworkDescription, withNorm: Bool) {
    set(.architecture, network.architecture.name.rawValue)
    set(.width, "\(network.architecture.width)")
    set(.residualBlocks, "\(network.architecture.residualBlocks)")
    switch network.architecture {
    case .fastNeuralStyle(let plan):
      set(.padding, plan.padding.rawValue)
      set(.upsampling, plan.upsampling.rawValue)
      set(.outputActivation, plan.outputActivation.rawValue)
    case .fastStyleTransfer: break
    }
    set(.epsilon, "\(network.epsilon)")
    set(.inputRange, "\(network.inputRange.lowerBound),\(network.inputRange.upperBound)")
    if withNorm { write(norm: network.norm, groups: network.groups) }
  }

  mutating func write(norm: Norm, groups: Int) {
    set(.norm, norm.rawValue)
    set(.groups, "\(groups)")
  }

  mutating func write(_ base: BaseModel.Reference) {
    set(.base, base.name)
    set(.baseDigest, base.digest)
  }

  mutating func write(_ advice: PaintingAdvice) {
    guard advice != PaintingAdvice() else { return }
    if let size = advice.bestSize { set(.bestSize, "\(size)") }
    set(.grain, "\(advice.grain)")
    set(.margin, "\(advice.margin)")
  }

  mutating func write(name: String, licence: String, training: String) {
    set(.name, name)
    set(.licence, licence)
    set(.training, training)
  }
}
