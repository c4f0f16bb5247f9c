import ImageFiles
import SystemFiles

/// The reason why a network can't repaint a picture.
public enum StyleNetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A number of groups that doesn't divide a layer's channels.
  case groupsDoNotDivide(groups: Int, channels: Int, layer: String)
  /// The batch norm needs statistics, and the style's file has none.
  case noStoredStatistics(style: String)
  /// No plan takes as little memory as was given; `needed` bytes are enough.
  case memoryTooSmall(needed: Int, given: Int)
  /// There is no room for what doesn't fit in memory.
  case scratch(ScratchFileError)
  /// A layer that this engine can't run.
  case unsupported(layer: String, reason: String)
  /// The picture's rows can't be read, or the result's not be written.
  case picture(ImageFileError)
  /// The network's output at this row is infinite or not a number.
  case outputNotFinite(row: Int)
  /// `ExecutionProgress.cancel()` was called.
  case cancelled

  public var description: String {
    switch self {
    case .groupsDoNotDivide(let groups, let channels, let layer):
      "\(groups) groups must divide the \(channels) channels of \(layer)"
    case .noStoredStatistics(let style):
      "\(style) has no stored statistics"
    case .memoryTooSmall(let needed, let given):
      "needs \((needed + 1 << 20 - 1) >> 20)M of memory, and \(given >> 20)M are given"
    case .scratch(let error):
      error.description
    case .unsupported(let layer, let reason):
      "\(layer) can't be run: \(reason)"
    case .picture(let error):
      error.description
    case .outputNotFinite(let row):
      "the network's output is no number in row \(row); the style's weights are unusable"
    case .cancelled:
      "interrupted"
    }
  }
}
