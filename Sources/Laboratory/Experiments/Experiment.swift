import ImageFiles
import Sheets
import StyleEngine
import StyleModels

/// A fact about the norms, measured on a workbench's pictures.
public protocol Experiment: Sendable {
  /// Pictures that the experiment takes at least.
  static var leastPictures: Int { get }

  /// Runs the experiment.
  ///
  /// - Throws: `StyleNetworkError`, `ExperimentError`, `ImageFileError`.
  init(on bench: Workbench) throws

  /// The table of what was measured.
  var table: Table { get }

  /// What the table's words and numbers are, in a sentence or two.
  var explanation: String { get }

  /// The notes on what was left out, and why.
  var notes: [ExperimentNote] { get }

  /// Draws what was measured as a picture.
  func figure() throws(ContactSheetError) -> Image
}

extension Experiment {
  public var notes: [ExperimentNote] { [] }
}

extension StyleNetwork {
  /// What norms are called in the weights, by the first.
  public var normNames: String {
    guard let layer = descriptions.first, let norm = layer.norm else { return "" }
    return "\(norm) is the norm after the convolution \(layer.name), and so on"
  }
}

/// The reason why an experiment can't be done.
public enum ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooFewPictures(found: Int, needed: Int)
  /// The style has nothing to compare with.
  case noStoredStatistics(style: String)
  /// What a norm measures is too large for numbers.
  case notFinite(norm: String)

  public var description: String {
    switch self {
    case .tooFewPictures(let found, let needed):
      "takes \(needed) picture\(needed == 1 ? "" : "s") at least, and \(found) can be used; name more"
    case .noStoredStatistics(let style):
      "\(style) has no stored statistics to compare with"
    case .notFinite(let norm): "what \(norm) measures is too large; the style's weights are"
    }
  }
}
