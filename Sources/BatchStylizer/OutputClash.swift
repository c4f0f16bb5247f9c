import ImageFiles
import SystemFiles
import SystemPackage

/// Several inputs that want one output.
public struct OutputClash: Equatable, Sendable {
  public let output: FilePath
  /// The inputs; one twice where two styles' directories are one.
  public internal(set) var inputs: [FilePath]
  public internal(set) var cause: Cause

  /// What made their outputs one, which tells how to have them apart.
  public enum Cause: Equatable, Sendable {
    /// They differ in format, and one was asked for all.
    case format
    /// They lie in directories of their own, below this one.
    case directories(below: FilePath)
    /// They have names that the disk takes for one.
    case caseless
    /// They have the same name, or one is a link to the other.
    case name
  }

  public init(_ output: FilePath, _ inputs: [FilePath], cause: Cause = .name) {
    self.output = output
    self.inputs = inputs
    self.cause = cause
  }

  /// Finds the cause where all inputs' outputs are the same to the byte.
  func cause(_ format: BatchPlan.Format) -> Cause {
    let directories = Set(inputs.map { $0.removingLastComponent() })
    if directories.count > 1, let common = BaseDirectory(above: PathList(inputs)) {
      return .directories(below: common.path)
    }
    return format != .keep && inputs.allSatisfy(isNamedByItsFormat) ? .format : .name
  }

  /// Whether its output would have the same name if it kept the format.
  private func isNamedByItsFormat(_ input: FilePath) -> Bool {
    let format = try? ImageFile.format(of: input)
    return input.extension.flatMap(ImageFormat.init(fileExtension:)) == format
  }
}
