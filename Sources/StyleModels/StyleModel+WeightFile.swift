import SystemPackage
import WeightFiles

extension StyleModel {
  /// Tells whether the file at `path` says that it is one of ours, rightly or not.
  public static func recognizes(fileAt path: FilePath) -> Bool {
    (try? WeightFile.metadata(of: path)).map(recognizes) ?? false
  }

  /// Tells whether metadata is that of one of our files, rightly or not.
  public static func recognizes(_ metadata: [String: String]) -> Bool {
    let keys = metadata.keys
    return keys.contains(MetadataKey.formatVersion.rawValue)
      && (keys.contains(MetadataKey.architecture.rawValue)
        || keys.contains(MetadataKey.base.rawValue))
  }

  /// Reads a style from the contents of a weight file.
  ///
  /// - Parameter base: Finds the base that the style names.
  /// - Throws: `StyleModelError.notAStyle`, `.newerFormat`, `.otherKind`, what `base` throws, or
  ///   `.faults` with every missing or invalid key and every missing, surplus or mis-shaped tensor.
  ///   Tensors are checked where the network's layers are known.
  public init(
    weightFile file: WeightFile,
    base find: (BaseModel.Reference) throws(StyleModelError) -> BaseModel = {
      reference throws(StyleModelError) in throw .missingBase(reference, searched: [])
    }
  ) throws(StyleModelError) {
    var reader = try MetadataReader(of: file)
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
    weights = file.tensors
    let faults = reader.faults + (network.map(faults(against:)) ?? [])
    guard faults.isEmpty else { throw .faults(faults) }
  }

  /// The contents of this style's file. A key of the card that a style's own has gives way.
  public func weightFile() -> WeightFile {
    WeightFile(metadata: metadata, tensors: weights)
  }

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
}

extension WeightFile {
  /// Reads the weight file at `path`.
  ///
  /// - Throws: `StyleModelError.weightFile`.
  static func read(_ path: FilePath) throws(StyleModelError) -> WeightFile {
    do throws(WeightFileError) { return try WeightFile(contentsOf: path) } catch {
      throw .weightFile(error)
    }
  }
}
