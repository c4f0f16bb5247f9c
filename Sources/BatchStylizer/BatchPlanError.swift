import ImageFiles
import SystemFiles
import SystemPackage

/// The reason why a run is refused before it begins. Nothing was read but names, and nothing
/// written.
public enum BatchPlanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// None of the inputs is, or holds, a picture.
  case noPictures(passedOverFiles: Int, passedOverDirectories: Int)
  /// Two inputs want one output.
  case clash(output: FilePath, inputs: [FilePath])
  /// Writing the output would destroy an input, under this name or another.
  case outputIsInput(output: FilePath, input: FilePath)
  /// The only output is there and may not be replaced.
  case outputExists(FilePath)

  public var description: String {
    switch self {
    case .noPictures(let files, let directories):
      "no pictures found: files ending in \(ImageFormat.extensionList)"
        + (files > 0 ? "; \(counted(files, "other file")) passed over" : "")
        + (directories > 0
          ? "; \(counted(directories, "directory", "directories")) not entered" : "")
    case .clash(let output, let inputs):
      inputs.map(\.printable).joined(separator: " and ")
        + " would both be written to \(output.printable); rename one, or run them into two directories"
    case .outputIsInput(let output, let input):
      "the output \(output.printable) is the input \(input.printable); inputs are never written to, "
        + "choose another output"
    case .outputExists(let output):
      "\(output.printable) exists already"
    }
  }
}
