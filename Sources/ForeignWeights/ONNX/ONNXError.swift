import SystemFiles
import SystemPackage

/// The reason why an ONNX file can't become a style.
public enum ONNXError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes aren't a protobuf message, from this one on.
  case malformed(at: Int)
  /// A message inside, at this byte, can't be decoded.
  case undecodable(String, at: Int)
  /// A field's length goes beyond what surrounds it.
  case truncated(at: Int, length: UInt64, left: Int)
  /// More memory than a style's network takes: of the graph without its tensors' values, or of values
  /// in nodes instead of initializers.
  case tooLarge(String, bytes: Int, limit: Int)
  /// Values of that many tensors are in a file that isn't beside this one.
  case missingFile(FilePath, tensors: Int)
  /// A version of the operators other than those known here; nil where the file says none.
  case operatorSet(found: Int?, known: ClosedRange<Int>)
  /// A network that isn't one of ours: the layers as far as they were recognized, and all that
  /// stands in the way. The latter is never empty.
  case otherNetwork(recognized: [String], obstacles: [String])
  /// Black and white of a style that single precision can't hold, or tell apart.
  case range(ClosedRange<Double>)

  public var description: String {
    switch self {
    case .malformed(let byte):
      "not an ONNX file, or a damaged one: byte \(byte) begins no field"
    case .undecodable(let message, let byte):
      "a damaged ONNX file: the \(message) at byte \(byte) can't be decoded"
    case .truncated(let byte, let length, let left):
      "a damaged ONNX file: \(length) bytes are announced at byte \(byte), and \(left) follow"
    case .tooLarge(let what, let bytes, let limit):
      "\(what) of \(bytes) bytes; a style's network has at most \(limit)"
    case .missingFile(let file, let tensors):
      "the values of \(tensors) tensors are in \(file.printable), which isn't beside it: put it there"
    case .operatorSet(let found, let known):
      (found.map { "ONNX operators of version \($0)" } ?? "ONNX operators of no known version")
        + "; known are \(known.lowerBound) to \(known.upperBound): export again with "
        + "opset_version=17"
    case .otherNetwork(let recognized, let obstacles):
      "not the published network\n"
        + (recognized.isEmpty
          ? "no layer was recognized" : "recognized:\n" + Self.list(recognized))
        + "\nnot recognized:\n" + Self.list(obstacles)
    case .range(let range):
      "its range, \(range), can't be told in the single precision of ONNX"
    }
  }

  /// The lines, as many as a person reads.
  private static func list(_ lines: [String]) -> String {
    let shown = 100
    let rest = lines.count > shown ? ["and \(lines.count - shown) more"] : []
    return (lines.prefix(shown) + rest).map { "  \($0)" }.joined(separator: "\n")
  }
}
