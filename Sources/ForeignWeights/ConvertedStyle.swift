import StyleModels

/// A style made from another program's weights, and what its user should know of the way there.
public struct ConvertedStyle: Equatable, Sendable {
  /// Something that was in the file and isn't in the style.
  public enum Note: Equatable, Sendable, CustomStringConvertible {
    /// A prefix that all names began with.
    case removedPrefix(String)
    /// Statistics that the norm doesn't use, by their names.
    case droppedStatistics([String])
    /// Tensors that no node of the graph reads, by their names.
    case unusedTensors([String])

    public var description: String {
      switch self {
      case .removedPrefix(let prefix):
        "removed the prefix \"\(prefix)\" from all names"
      case .droppedStatistics(let names):
        "left out \(names.count) stored statistics that the norm doesn't use: "
          + names.joined(separator: ", ")
      case .unusedTensors(let names):
        "left out \(names.count) tensors that nothing in the file reads: "
          + names.joined(separator: ", ")
      }
    }
  }

  /// What was found in the file.
  public struct Summary: Equatable, Sendable, CustomStringConvertible {
    /// The architecture's name.
    public var architecture: Architecture.Name
    /// Channels of the first convolution's output.
    public var width: Int
    public var residualBlocks: Int
    public var norm: Norm
    public var tensors: Int
    /// Numbers that were learned, without stored statistics.
    public var parameters: Int

    public var description: String {
      "\(architecture.rawValue): width \(width), \(residualBlocks) residual blocks, \(norm.rawValue) norm; "
        + "\(tensors) tensors, \(parameters) parameters"
    }
  }

  public var model: StyleModel
  public var notes: [Note]

  /// What was found in the file.
  public var summary: Summary {
    let network = model.description
    return Summary(
      architecture: network.architecture.name, width: network.architecture.width,
      residualBlocks: network.architecture.residualBlocks, norm: network.norm,
      tensors: model.weights.count, parameters: model.header.parameterCount)
  }
}
