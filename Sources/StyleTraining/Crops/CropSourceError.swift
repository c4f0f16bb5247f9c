import ImageFiles
import SystemFiles
import SystemPackage

/// The reason why there is no crop.
public enum CropSourceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// None of so many pictures can be read; the first of them, where there are any.
  case noPictures(tried: Int, first: SkippedPicture?)
  /// The source was closed.
  case closed

  public var description: String {
    switch self {
    case .noPictures(_, nil):
      "no pictures to take crops from"
    case .noPictures(let tried, let first?):
      tried == 1
        ? "no crops, as the only picture can't be read: \(first)"
        : "no crops, as none of the \(tried) pictures can be read; the first, \(first)"
    case .closed:
      "interrupted"
    }
  }
}

/// A picture that no crop is taken from, as it can't be read.
public struct SkippedPicture: Equatable, Sendable, CustomStringConvertible {
  public let path: FilePath
  public let reason: ImageFileError

  public init(path: FilePath, reason: ImageFileError) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path.printable): \(reason)" }
}
