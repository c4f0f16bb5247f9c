import StyleModels
import WeightFiles

/// The reason why another program's weights can't become a style.
public enum ForeignWeightsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file can't be read as safetensors, or no file can be read or written there.
  case weightFile(WeightFileError)
  /// The file isn't ONNX of a network of ours.
  case onnx(ONNXError)
  /// The file is a style of Pastiche's own.
  case alreadyAStyle
  /// The first layer has no tensor of a sane width; the file has these.
  case notThePublishedNetwork(found: [String])
  /// All tensors that aren't as published, by the file's names (without `module.`). Never empty.
  case faults([TensorFault])
  /// The weights are as published, and the style that they make is at fault.
  case invalidStyle(StyleModelError)

  public var description: String {
    switch self {
    case .weightFile(let error): error.description
    case .onnx(let error): error.description
    case .alreadyAStyle:
      "is a Pastiche style already: there is nothing to convert"
    case .notThePublishedNetwork(let found):
      "not the published network: no conv1.conv2d.weight; "
        + (found.isEmpty
          ? "it holds no tensors"
          : "its \(found.count) tensors begin with \(found.prefix(5).joined(separator: ", "))")
    case .faults(let faults): faults.map(\.description).joined(separator: "\n")
    case .invalidStyle(let error): error.description
    }
  }
}
