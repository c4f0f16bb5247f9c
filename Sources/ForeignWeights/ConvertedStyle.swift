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
    /// Biases, or parts of norms, that the network has in no layer, by the names of the style's.
    case absentTensors([String])
    /// What the file can't tell, and was taken to be as in the published network.
    case assumed([Assumption])

    public var description: String {
      switch self {
      case .removedPrefix(let prefix):
        "removed the prefix \"\(prefix)\" from all names"
      case .droppedStatistics(let names):
        "left out \(names.count) stored statistics that the norm doesn't use: \(shortList(names))"
      case .unusedTensors(let names):
        "left out \(names.count) tensors that nothing in the file reads: \(shortList(names))"
      case .absentTensors(let names):
        "took 0, or for gamma 1, for \(names.count) tensors that the network doesn't have: "
          + shortList(names)
      case .assumed(let assumptions):
        "taken as published, which the file doesn't tell: "
          + assumptions.map(\.description).joined(separator: ", ")
      }
    }
  }

  /// Something that a file can't tell of its network.
  public enum Assumption: Equatable, Sendable, CustomStringConvertible {
    case norm(Norm)
    /// Groups of channels.
    case groups(Int)
    case epsilon(Double)
    /// Black and white.
    case range(ClosedRange<Double>)

    public var description: String {
      switch self {
      case .norm(let norm): "\(norm.rawValue) norm"
      case .groups(let count): "\(count) groups"
      case .epsilon(let epsilon): "epsilon \(epsilon)"
      case .range(let range): "a range of \(range.lowerBound.words)...\(range.upperBound.words)"
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
    /// Groups of channels under `Norm.group`.
    public var groups: Int
    public var tensors: Int
    /// Numbers that were learned, without stored statistics.
    public var parameters: Int

    public var description: String {
      "\(architecture.rawValue): width \(width), "
        + "\(residualBlocks) residual block\(residualBlocks == 1 ? "" : "s"), "
        + "\(norm.rawValue) norm\(norm == .group ? " of \(groups) groups" : ""); "
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
      groups: network.groups, tensors: model.weights.count, parameters: model.header.parameterCount)
  }
}

/// The first of names, and how many more there are.
private func shortList(_ names: [String]) -> String {
  let shown = names.prefix(4).joined(separator: ", ")
  return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
}

extension Double {
  /// The number without digits that say nothing.
  fileprivate var words: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
