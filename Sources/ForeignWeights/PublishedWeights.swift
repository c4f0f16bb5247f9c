import StyleModels
import SystemFiles
import SystemPackage
import WeightFiles

/// Published weights of any kind that is read: PyTorch's files and safetensors under PyTorch's names,
/// ONNX, and folders of TensorFlow variables.
public enum PublishedWeights {
  /// What the user says of the weights. What is nil is the file's to say, or the published network's.
  public struct Told: Equatable, Sendable {
    /// The terms under which the weights may be used.
    public var licence: String?
    /// The account of how the weights came about.
    public var training: String?
    /// The norm that the network was trained with.
    public var norm: Norm?
    /// Groups of channels under `Norm.group`.
    public var groups: Int?
    /// The number that was added to each variance.
    public var epsilon: Double?
    /// Black and white in the network's input and output.
    public var inputRange: ClosedRange<Double>?

    public init() {}

    /// What is told of the network and not of the file.
    fileprivate var ofTheNetwork: [String] {
      [
        norm.map { _ in "norm" }, groups.map { _ in "groups" }, epsilon.map { _ in "epsilon" },
        inputRange.map { _ in "range" },
      ].compactMap(\.self)
    }
  }

  /// Makes a style of the weights at `path`.
  ///
  /// - Parameters:
  ///   - path: A file, or a folder of variables.
  ///   - name: The style's name.
  ///   - told: What the file may not say.
  /// - Throws: `ForeignWeightsError`; `.saidByItself` where a file that says what its network is would
  ///   be told so.
  public static func styleModel(
    contentsOf path: FilePath, name: String, _ told: Told = Told()
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    if TensorFlowWeights.recognizes(path) {
      try refuse(told)
      return try TensorFlowWeights.styleModel(
        contentsOf: path, name: name, licence: told.licence ?? "unknown",
        training: told.training ?? "unknown")
    }
    if isONNX(path) {
      var told = told
      let range = told.inputRange
      told.inputRange = nil
      try refuse(told)
      return try ONNXWeights.styleModel(
        contentsOf: path, name: name, licence: told.licence, training: told.training,
        range: range)
    }
    let published = NetworkDescription(width: 1)
    let norm = told.norm ?? published.norm
    var assumed: [ConvertedStyle.Assumption] = told.norm == nil ? [.norm(norm)] : []
    if norm == .group, told.groups == nil { assumed.append(.groups(published.groups)) }
    if told.epsilon == nil { assumed.append(.epsilon(published.epsilon)) }
    if told.inputRange == nil { assumed.append(.range(published.inputRange)) }
    var converted = try PyTorchWeights.styleModel(
      contentsOf: path, name: name, licence: told.licence ?? "unknown",
      training: told.training ?? "unknown", norm: norm,
      groups: told.groups ?? published.groups, epsilon: told.epsilon ?? published.epsilon,
      range: told.inputRange ?? published.inputRange)
    if !assumed.isEmpty { converted.notes.append(.assumed(assumed)) }
    return converted
  }

  private static func refuse(_ told: Told) throws(ForeignWeightsError) {
    if !told.ofTheNetwork.isEmpty { throw .saidByItself(told.ofTheNetwork) }
  }

  /// Whether a file is ONNX by its first bytes; where those tell nothing, its name does.
  private static func isONNX(_ path: FilePath) -> Bool {
    do throws(WeightFileError) { _ = try WeightFile.metadata(of: path) } catch {
      switch error {
      case .otherFormat(.onnx): return true
      case .otherFormat(.pyTorch), .otherFormat(.gitLFSPointer), .otherFormat(.webPage),
        .otherFormat(.compressed), .otherFormat(.picture):
        return false
      default: return path.extension?.lowercased() == "onnx"
      }
    }
    return false
  }
}
