import SystemPackage
import WeightFiles

/// A style: a network's description, its weights, and what is to be told of them.
///
/// The values are those of the file; nothing is laid out for arithmetic yet. They were checked when
/// it was made, and can't be changed since.
public struct StyleModel: Equatable, Sendable {
  /// The style's name, as in `-m great-wave`.
  public let name: String
  public let description: NetworkDescription
  /// The terms under which the weights may be used.
  public let licence: String
  /// The account of how the weights came about.
  public let training: String
  /// All else that the file's metadata tells, by its keys.
  public let card: [String: String]
  /// The weights by name: `conv1.weight` [O, I, K, K] and `conv1.bias` [O] for each convolution,
  /// `in1.gamma` and `in1.beta` [C] for each norm; with stored statistics also `in1.mean` and
  /// `in1.variance` [C], of the convolution's output with its bias.
  public let weights: [String: StoredTensor]

  /// Makes a style of weights that are there already.
  ///
  /// - Throws: `StyleModelError.faults`, as reading a file does.
  public init(
    name: String, description: NetworkDescription, licence: String, training: String,
    card: [String: String] = [:], weights: [String: StoredTensor]
  ) throws(StyleModelError) {
    self.name = name
    self.description = description
    self.licence = licence
    self.training = training
    self.card = card
    self.weights = weights
    try check()
  }

  /// Whether the weights hold statistics for `Norm.batch`.
  public var hasBatchStatistics: Bool {
    parameters.hasStoredStatistics
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
      name: name, description: description, licence: licence, training: training, card: card,
      weights: weights)
  }

  /// Numbers that were learned: all but stored statistics.
  public var parameterCount: Int {
    description.tensors(withStatistics: false).reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// Reads the style file at `path`.
  ///
  /// - Throws: `StyleModelError.weightFile` where it can't be read as safetensors, else as
  ///   `init(weightFile:)`.
  public init(contentsOf path: FilePath) throws(StyleModelError) {
    let file: WeightFile
    do throws(WeightFileError) { file = try WeightFile(contentsOf: path) } catch {
      throw .weightFile(error)
    }
    try self.init(weightFile: file)
  }

  /// Writes the style file `path`, complete or not at all.
  ///
  /// - Parameter replacing: Whether a file that is there already is replaced.
  /// - Throws: `StyleModelError.weightFile` where the file can't be written.
  public func write(
    to path: FilePath, as type: ElementType = .f32, replacing: Bool
  ) throws(StyleModelError) {
    do throws(WeightFileError) {
      try weightFile().write(to: path, as: type, replacing: replacing)
    } catch {
      throw .weightFile(error)
    }
  }
}
