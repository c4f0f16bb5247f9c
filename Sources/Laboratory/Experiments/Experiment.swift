import ImageFiles
import Sheets

/// A fact about the norms, measured on a workbench's pictures.
public protocol Experiment: Sendable {
  /// Pictures that it takes at least.
  static var leastPictures: Int { get }

  /// Runs it.
  ///
  /// - Throws: `StyleNetworkError`, `ExperimentError`, `ImageFileError`.
  init(on bench: Workbench) throws

  /// What was measured.
  var table: Table { get }

  /// What was left out, and why.
  var notes: [ExperimentNote] { get }

  /// The same as a picture.
  func figure() throws(ContactSheetError) -> Image
}

extension Experiment {
  public var notes: [ExperimentNote] { [] }
}

/// Why an experiment can't be done.
public enum ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooFewPictures(found: Int, needed: Int)
  /// There is nothing to compare with.
  case noStoredStatistics(style: String)

  public var description: String {
    switch self {
    case .tooFewPictures(let found, let needed):
      "takes \(needed) picture\(needed == 1 ? "" : "s") at least, and \(found) can be used; name more"
    case .noStoredStatistics(let style):
      "\(style) has no stored statistics to compare with"
    }
  }
}
