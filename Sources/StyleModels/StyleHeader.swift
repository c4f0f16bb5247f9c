import WeightFiles

/// What a style's file says of it ahead of the values: all but the weights.
public struct StyleHeader: Equatable, Sendable {
  /// The style's name, as in `-m great-wave`.
  public let name: String
  public let description: NetworkDescription
  /// The base that has the convolutions; nil where they are among the weights.
  public let base: BaseModel?
  /// The way in which it is best painted.
  public let advice: PaintingAdvice
  /// The terms under which the weights may be used.
  public let licence: String
  /// The account of how the weights came about.
  public let training: String
  /// All else that the file's metadata tells, by its keys.
  public let card: [String: String]
  /// Whether the weights hold statistics for `Norm.batch`.
  public let hasBatchStatistics: Bool

  /// The kind of its file.
  public var kind: FileKind { base == nil ? .network : .style }

  /// Numbers that were learned for it: all of its file's but stored statistics.
  public var parameterCount: Int {
    description.tensors(of: kind).reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// - Parameter description: Any, valid or not: the file that is made of it will tell.
  init(
    name: String, description: NetworkDescription, base: BaseModel?, advice: PaintingAdvice,
    licence: String, training: String, card: [String: String]
  ) {
    (self.name, self.description, self.base) = (name, description, base)
    (self.advice, self.card, hasBatchStatistics) = (advice, card, false)
    (self.licence, self.training) = (licence, training)
  }

  /// The file's metadata. A key of the card that a style's own has gives way.
  var metadata: [String: String] {
    var metadata = MetadataWriter(card, kind: kind)
    if let base {
      metadata.write(base.reference)
      metadata.write(norm: description.norm, groups: description.groups)
    } else {
      metadata.write(description, withNorm: true)
    }
    metadata.write(advice)
    metadata.write(name: name, licence: licence, training: training)
    return metadata.values
  }

  /// Reads what a weight file says of a style.
  ///
  /// - Parameters:
  ///   - metadata: The file's metadata.
  ///   - shapes: The shapes of its tensors.
  ///   - find: Finds the base that the style names.
  ///   - faults: Is given every missing or invalid key and every missing, surplus or mis-shaped tensor.
  ///     Tensors are checked where the network's layers are known.
  /// - Throws: `StyleModelError.notAStyle`, `.newerFormat`, `.otherKind`, or what `find` throws.
  init(
    _ metadata: [String: String], shapes: [String: [Int]],
    base find: (BaseModel.Reference) throws(StyleModelError) -> BaseModel,
    faults: inout [StyleModelError.Fault]
  ) throws(StyleModelError) {
    var reader = try MetadataReader(of: metadata)
    let network: NetworkDescription?
    let kind = reader.kind()
    switch kind {
    case .base, .lossNetwork, .checkpoint: throw .otherKind(expected: .style, found: kind)
    case .network:
      network = reader.network()
      base = nil
    case .style:
      let (norm, groups) = reader.normalization()
      base = if let reference = reader.base() { try find(reference) } else { nil }
      network = base.map {
        var network = $0.description
        (network.norm, network.groups) = (norm, groups)
        return network
      }
    }
    advice = reader.advice()
    name = reader.text(.name) ?? ""
    licence = reader.text(.licence) ?? ""
    training = reader.text(.training) ?? ""
    description = network ?? NetworkDescription(width: 1)
    card = reader.card
    let statistics = description.statistics
    hasBatchStatistics = statistics.isSubset(of: shapes.keys)
    faults += reader.faults
    guard let network else { return }
    if network.norm == .group, let channels = network.channelsThatGroupsDoNotDivide {
      faults.append(.groupsDoNotDivide(groups: network.groups, channels: channels))
    }
    if base != nil, let layer = network.layers.last, layer.convolution.outputChannels != 3 {
      faults.append(.colorsOfOtherChannels(layer.convolution.outputChannels, layer: layer.name))
    }
    // Statistics are stored for all norms or none; under `Norm.batch` they must be there.
    let areStored = network.norm == .batch || !statistics.isDisjoint(with: shapes.keys)
    let expected = network.tensors(of: self.kind, withStatistics: areStored)
    faults += TensorFault.faults(in: shapes, expected: expected).map { .tensor($0) }
  }
}

extension NetworkDescription {
  /// The names of the norms' stored means and variances.
  var statistics: Set<String> {
    Set(tensors(withStatistics: true).map(\.name)).subtracting(tensors().map(\.name))
  }
}
