import SystemFiles
import SystemPackage
import WeightFiles

/// The reason why a file is not a style, or a style can't be written.
public indirect enum StyleModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself can't be read or written.
  case weightFile(WeightFileError)
  /// A sound weight file that says nothing of what a style's says.
  case notAStyle
  /// The file was written by a later Pastiche; what it means by the rest is not known here.
  case newerFormat(found: Int, supported: Int)
  /// A file of ours, but not of the kind that was asked for.
  case otherKind(expected: FileKind, found: FileKind)
  /// The base that a style is made for isn't in any of these directories.
  case missingBase(BaseModel.Reference, searched: [FilePath])
  /// The base of that name is another than the style is made for.
  case otherBase(BaseModel.Reference, found: BaseModel.Reference, at: FilePath, widths: Widths)
  /// The base can't be read.
  case base(FilePath, StyleModelError)
  /// Styles that can't be mixed.
  case unmixable(String, String, Difference)
  /// All that is wrong with it. Never empty.
  case faults([Fault])

  /// The widths of the network that a style is made for, where its file tells, and of another base.
  public struct Widths: Equatable, Sendable {
    public let style: Int?
    public let base: Int

    public init(style: Int?, base: Int) {
      self.style = style
      self.base = base
    }
  }

  /// The difference that keeps styles from being mixed.
  public enum Difference: Equatable, Sendable {
    /// They don't share their convolutions: other bases, or a network that has its own.
    case base(BaseModel.Reference?, BaseModel.Reference?)
    case norm(Norm, Norm)
  }

  /// One thing that is wrong with a style.
  public enum Fault: Equatable, Sendable, CustomStringConvertible {
    case missingKey(String)
    /// A value of the metadata that isn't what is `expected`.
    case invalidValue(key: String, found: String, expected: String)
    case groupsDoNotDivide(groups: Int, channels: Int)
    /// A last layer whose channels aren't the colours that a style's matrix is for.
    case colorsOfOtherChannels(Int, layer: String)
    case tensor(TensorFault)
    /// The values of a tensor made in memory don't fill its shape.
    case valueCount(String, shape: [Int], found: Int)
    case negativeVariance(String, channel: Int, found: Float)

    public var description: String {
      switch self {
      case .missingKey(let key): "__metadata__.\(key): missing"
      case .invalidValue(let key, let found, let expected):
        "__metadata__.\(key): expected \(expected), found \"\(found)\""
      case .groupsDoNotDivide(let groups, let channels):
        "groups (\(groups)) must divide the width (\(channels) channels)"
      case .colorsOfOtherChannels(let channels, let layer):
        "a style's colours are for a base whose last layer has 3 channels, and \(layer) has \(channels)"
      case .tensor(let fault): fault.description
      case .valueCount(let name, let shape, let found):
        "\(name): \(found) values don't fill shape \(shape)"
      case .negativeVariance(let name, let channel, let found):
        "\(name): the variance of channel \(channel) is negative (\(found))"
      }
    }
  }

  public var description: String {
    switch self {
    case .weightFile(let error): error.description
    case .notAStyle:
      "not a Pastiche style: its __metadata__ holds none of a style's keys"
    case .newerFormat(let found, let supported):
      "style format \(found); this Pastiche reads up to \(supported): update Pastiche"
    case .otherKind(_, .base):
      "a base, which styles share, and no style by itself"
    case .otherKind(let expected, let found):
      "expected a \(expected.rawValue), found a \(found.rawValue)"
    case .missingBase(let base, let searched):
      "made for the base \(base), which is not there: no \(base.name).safetensors in "
        + searched.map(\.printable).joined(separator: ", ")
    case .otherBase(let wanted, let found, let file, let widths):
      "made for the base \(wanted), and \(file.printable) is another: \(found)" + widths.words
    case .base(let file, let error):
      "its base \(file.printable): \(error)"
    case .unmixable(let first, let second, .base(let base, let other)):
      "\(first) and \(second) can't be mixed: "
        + [(first, base), (second, other)].map { style, base in
          base.map { "\(style) is made for the base \($0)" }
            ?? "\(style) has convolutions of its own"
        }.joined(separator: ", ")
    case .unmixable(let first, let second, .norm(let norm, let other)):
      "\(first) and \(second) can't be mixed: the one was trained with \(norm.rawValue) norm, the "
        + "other with \(other.rawValue)"
    case .faults(let faults): faults.map(\.description).joined(separator: "\n")
    }
  }
}

extension StyleModelError.Widths {
  fileprivate var words: String {
    guard let style, style != base else { return "" }
    return ", of width \(base) where the style's is \(style)"
  }
}
