import SystemPackage
import WeightFiles

/// The convolutions that many styles share: all of a network but what is a style's own.
///
/// They have no biases: norms remove them, and the last one's is the style's.
///
/// Paper: Dumoulin, Shlens and Kudlur 2017, arXiv:1610.07629.
public struct BaseModel: Equatable, Sendable {
  /// A base as the file of a style names it.
  public struct Reference: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    /// `BaseModel.digest`.
    public let digest: String

    public init(name: String, digest: String) {
      self.name = name
      self.digest = digest
    }

    public var description: String { "\"\(name)\" (sha256 \(digest.prefix(12))…)" }
  }

  public let name: String
  /// The network; which norm it has is for each style to say.
  public let description: NetworkDescription
  public let licence: String
  public let training: String
  /// All else that the file's metadata tells, by its keys.
  public let card: [String: String]
  /// `conv1.weight` [O, I, K, K] and so on, of each convolution.
  public let weights: [String: StoredTensor]
  /// SHA-256 over the tensors.
  public let digest: String

  public var reference: Reference { Reference(name: name, digest: digest) }

  /// Makes a base of weights that are there already.
  ///
  /// - Throws: `StyleModelError.faults`, as reading a file does.
  public init(
    name: String, description: NetworkDescription, licence: String, training: String,
    card: [String: String] = [:], weights: [String: StoredTensor]
  ) throws(StyleModelError) {
    let metadata = Self.metadata(
      name: name, description: description, licence: licence, training: training, card: card)
    try self.init(weightFile: WeightFile(metadata: metadata, tensors: weights))
  }

  /// Reads a base from the contents of a weight file.
  ///
  /// - Throws: `StyleModelError.notAStyle`, `.newerFormat`, `.otherKind`, or `.faults` with all that
  ///   is wrong.
  public init(weightFile file: WeightFile) throws(StyleModelError) {
    var reader = try MetadataReader(of: file.metadata)
    let kind = reader.kind()
    guard kind == .base else { throw .otherKind(expected: .base, found: kind) }
    let network = reader.network(withNorm: false)
    name = reader.text(.name) ?? ""
    licence = reader.text(.licence) ?? ""
    training = reader.text(.training) ?? ""
    description = network ?? NetworkDescription(width: 1)
    card = reader.card
    weights = file.tensors
    let expected = description.tensors(of: .base)
    let faults =
      reader.faults
      + (network == nil
        ? []
        : TensorFault.faults(in: weights.mapValues(\.shape), expected: expected).map { .tensor($0) })
    guard faults.isEmpty else { throw .faults(faults) }
    digest = weights.digest
  }

  /// Reads a base.
  ///
  /// - Parameters:
  ///   - path: Its file.
  ///   - memory: The most bytes that its values may take.
  /// - Throws: `StyleModelError.weightFile` where it can't be read as safetensors, else as
  ///   `init(weightFile:)`.
  public init(contentsOf path: FilePath, memory: Int = .max) throws(StyleModelError) {
    try self.init(weightFile: WeightFile.read(path, memory: memory))
  }

  /// The contents of this base's file.
  public func weightFile() -> WeightFile {
    WeightFile(
      metadata: Self.metadata(
        name: name, description: description, licence: licence, training: training, card: card),
      tensors: weights)
  }

  private static func metadata(
    name: String, description: NetworkDescription, licence: String, training: String,
    card: [String: String]
  ) -> [String: String] {
    var metadata = MetadataWriter(card, kind: .base)
    metadata.write(description, withNorm: false)
    metadata.write(name: name, licence: licence, training: training)
    return metadata.values
  }
}
