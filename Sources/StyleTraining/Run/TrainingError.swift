import ImageFiles
import Layers
import StyleModels
import SystemFiles
import SystemPackage
import WeightFiles

/// The reason why a training can't begin, or go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  case painting(FilePath, ImageFileError)
  case unreadable(FilePath, Errno)
  case paintingTooSmall(FilePath, width: Int, height: Int, least: Int)
  /// So much longer than wide that too little is left of its width at the size at which it is looked
  /// at.
  case paintingTooNarrow(FilePath, width: Int, height: Int)
  /// A layer before the last makes three channels, as a picture has.
  case threeChannels(layer: String)
  case groupsDoNotDivide(groups: Int, channels: Int, layer: String)
  case crops(CropSourceError)
  /// The loss was no number, or far beyond its average, again and again.
  case diverged(iteration: Int, times: Int)
  case checkpoint(FilePath, CheckpointFault)
  case model(StyleModelError)

  public var description: String {
    switch self {
    case .painting(let path, let error): "\(path.printable): \(error)"
    case .unreadable(let path, let error): "\(path.printable): \(error)"
    case .paintingTooSmall(let path, let width, let height, let least):
      """
      \(path.printable) has \(width)×\(height) pixels; a side of \(least) is the least that has \
      strokes to learn: take a larger picture of the painting
      """
    case .paintingTooNarrow(let path, let width, let height):
      "\(path.printable) has \(width)×\(height) pixels, too narrow a strip to be looked at as a whole"
    case .threeChannels(let layer):
      "\(layer) of the base makes three channels; networks of width 3 are not trained"
    case .groupsDoNotDivide(let groups, let channels, let layer):
      "\(groups) groups don't divide the \(channels) channels of \(layer)"
    case .crops(let error): "\(error)"
    case .diverged(let iteration, let times):
      """
      the loss was no number, or ten times its average, \(times) times, the last at iteration \
      \(iteration)
      """
    case .checkpoint(let path, let fault): "\(path.printable): \(fault)"
    case .model(let error): "\(error)"
    }
  }
}

/// What is wrong with a checkpoint.
public enum CheckpointFault: Error, Equatable, Sendable, CustomStringConvertible {
  case weightFile(WeightFileError)
  case notACheckpoint
  /// A training of other settings, by their names.
  case otherSettings([String])
  case tensor(String)

  public var description: String {
    switch self {
    case .weightFile(let error): "\(error)"
    case .notACheckpoint: "no checkpoint of a training"
    case .otherSettings(let names):
      "of a training with other settings (\(names.joined(separator: ", ")))"
    case .tensor(let name): "its \(name) is not as this training has it"
    }
  }
}
