import StyleModels
import WeightFiles

/// The reason why another program's weights can't become a style.
public enum ForeignWeightsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file can't be read as safetensors, or no file can be read or written there.
  case weightFile(WeightFileError)
  /// What is wrong with a folder of TensorFlow variables. Never empty.
  case tensorFlow([TensorFlowFault])
  /// The file isn't ONNX of a network of ours.
  case onnx(ONNXError)
  /// The file says itself what of the network was told: `norm`, `epsilon` and the like.
  case saidByItself([String])
  /// The published network that PyTorch's names stand for isn't like the style's, in this.
  case unpublishable(String)
  /// The file is a style of Pastiche's own.
  case alreadyAStyle
  /// What is wrong with a file of PyTorch's. Never empty.
  case pyTorch([PyTorchFault])
  /// The tensors are another network's, as far as they can be understood.
  case notThePublishedNetwork(NetworkFindings)
  /// All tensors that aren't as published, by the file's names (without `module.`). Never empty.
  case faults([TensorFault])
  /// The weights are as published, and the style that they make is at fault.
  case invalidStyle(StyleModelError)

  public var description: String {
    switch self {
    case .weightFile(let error): error.description
    case .tensorFlow(let faults): faults.map(\.description).joined(separator: "\n")
    case .onnx(let error): error.description
    case .saidByItself(let facts):
      "says its network's \(facts.joined(separator: " and ")) itself"
    case .unpublishable(let fact):
      "PyTorch's names are those of the published network, and this one \(fact)"
    case .alreadyAStyle:
      "is a Pastiche style already: there is nothing to convert"
    case .pyTorch(let faults): faults.map(\.description).joined(separator: "\n")
    case .notThePublishedNetwork(let findings): findings.description
    case .faults(let faults): faults.map(\.description).joined(separator: "\n")
    case .invalidStyle(let error): error.description
    }
  }
}
