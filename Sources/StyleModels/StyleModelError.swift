import WeightFiles

/// The reason why a file is not a style, or a style can't be written.
public enum StyleModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself can't be read or written.
  case weightFile(WeightFileError)
  /// A sound weight file that says nothing of what a style's says.
  case notAStyle
  /// The file was written by a later Pastiche; what it means by the rest is not known here.
  case newerFormat(found: Int, supported: Int)
  /// All that is wrong with it. Never empty.
  case faults([Fault])

  /// One thing that is wrong with a style.
  public enum Fault: Equatable, Sendable, CustomStringConvertible {
    case missingKey(String)
    /// A value of the metadata that isn't what is `expected`.
    case invalidValue(key: String, found: String, expected: String)
    case groupsDoNotDivide(groups: Int, channels: Int)
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
    case .faults(let faults): faults.map(\.description).joined(separator: "\n")
    }
  }
}
