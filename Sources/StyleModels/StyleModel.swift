import SystemPackage
import WeightFiles

/// A style: a network's description, its weights, and what is to be told of them.
///
/// The convolutions are the style's own or a base's. The values are those of the file; nothing is laid
/// out for arithmetic yet. They were checked when it was made, and can't be changed since.
public struct StyleModel: Equatable, Sendable {
  /// What its file says ahead of the values.
  public let header: StyleHeader
  /// The weights by name: `in1.gamma` and `in1.beta` [C] for each norm, with stored statistics also
  /// `in1.mean` and `in1.variance` [C], of the convolution's output with its bias. On a base
  /// `color.matrix` [3, 3] and `color.shift` [3], else `conv1.weight` [O, I, K, K] and `conv1.bias` [O]
  /// for each convolution.
  public let weights: [String: StoredTensor]

  public var name: String { header.name }
  public var description: NetworkDescription { header.description }
  public var base: BaseModel? { header.base }
  public var kind: FileKind { header.kind }
  public var advice: PaintingAdvice { header.advice }
  public var licence: String { header.licence }
  public var training: String { header.training }
  public var card: [String: String] { header.card }
  public var hasBatchStatistics: Bool { header.hasBatchStatistics }

  /// Makes a style of weights that are there already.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - description: The network.
  ///   - base: The base that has its convolutions; nil where they are among the weights.
  ///   - advice: The way in which it is best painted.
  ///   - licence: The terms under which it may be used.
  ///   - training: How it came about.
  ///   - card: What else its file tells: the painter, for one.
  ///   - weights: The tensors by their names.
  /// - Throws: `StyleModelError.faults`, as reading a file does.
  public init(
    name: String, description: NetworkDescription, base: BaseModel? = nil,
    advice: PaintingAdvice = PaintingAdvice(), licence: String, training: String,
    card: [String: String] = [:], weights: [String: StoredTensor]
  ) throws(StyleModelError) {
    let header = StyleHeader(
      name: name, description: description, base: base, advice: advice, licence: licence,
      training: training, card: card)
    try self.init(weightFile: WeightFile(metadata: header.metadata, tensors: weights)) {
      reference throws(StyleModelError) in
      guard let base else { throw .missingBase(reference, searched: []) }
      return base
    }
  }

  /// The same style with these statistics for `Norm.batch`, in place of what it has.
  ///
  /// - Parameter statistics: The mean and biased variance of each channel, by the norm's name.
  /// - Throws: `StyleModelError.faults` where a norm's are missing or of another number.
  public func storing(
    batchStatistics statistics: [String: (mean: [Float], variance: [Float])]
  ) throws(StyleModelError) -> StyleModel {
    var weights = weights
    for (norm, values) in statistics {
      weights["\(norm).mean"] = StoredTensor(shape: [values.mean.count], values: values.mean)
      weights["\(norm).variance"] = StoredTensor(
        shape: [values.variance.count], values: values.variance)
    }
    return try StyleModel(
      name: name, description: description, base: base, advice: advice, licence: licence,
      training: training, card: card, weights: weights)
  }

  /// Reads the style file at `path`; its base is looked for beside it.
  ///
  /// - Throws: `StyleModelError.weightFile` where it can't be read as safetensors, else as
  ///   `init(weightFile:base:)`.
  public init(contentsOf path: FilePath) throws(StyleModelError) {
    self = try StyleLibrary(directories: []).style(contentsOf: path)
  }

  /// Writes the style's file, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: The file to write.
  ///   - replacing: Whether a file that is there already is replaced.
  /// - Throws: `StyleModelError.weightFile` where the file can't be written.
  public func write(to path: FilePath, replacing: Bool) throws(StyleModelError) {
    do throws(WeightFileError) {
      try weightFile().write(to: path, replacing: replacing)
    } catch {
      throw .weightFile(error)
    }
  }
}
