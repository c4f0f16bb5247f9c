import SystemPackage

/// What is wrong with a folder of TensorFlow variables.
public enum TensorFlowFault: Equatable, Sendable, CustomStringConvertible {
  /// A file that the system can't open or read, for the given reason.
  case unreadable(String, Errno)
  case notARegularFile(String)
  case manifestTooLong(bytes: Int, limit: Int)
  /// The manifest is no JSON object of names, each with a `filename` and a `shape`.
  case malformedManifest
  /// A variable's file that isn't in the folder itself.
  case fileElsewhere(variable: String, file: String)
  case sizeMismatch(variable: String, shape: [Int], expectedBytes: Int, foundBytes: Int)
  case nonFinite(variable: String, count: Int, firstIndex: Int)
  /// The variables aren't those of a network of ours; which there are.
  case otherNetwork(variables: [String])

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): can't be read: \(reason)"
    case .notARegularFile(let file): "\(file): isn't a regular file"
    case .manifestTooLong(let bytes, let limit):
      "manifest.json: \(bytes) bytes; those of style networks have at most \(limit)"
    case .malformedManifest:
      "manifest.json: expected an object with a \"filename\" and a \"shape\" for each variable"
    case .fileElsewhere(let variable, let file):
      "\(variable): its file \"\(file)\" isn't in the folder itself"
    case .sizeMismatch(let variable, let shape, let expected, let found):
      "\(variable): shape \(shape) needs \(expected) bytes, found \(found)"
    case .nonFinite(let variable, let count, let first):
      "\(variable): \(count) values aren't finite, the first at \(first)"
    case .otherNetwork(let variables):
      "not the network of fast-style-transfer: no Variable of shape [9, 9, 3, width]; "
        + (variables.isEmpty
          ? "it holds no variables"
          : "its \(variables.count) variables begin with \(variables.prefix(5).joined(separator: ", "))")
    }
  }
}
