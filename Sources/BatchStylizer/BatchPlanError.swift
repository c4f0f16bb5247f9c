import ImageFiles
import SystemFiles
import SystemPackage

/// The reason why a run is refused before it begins. Nothing was read but names and first bytes, and
/// nothing written.
public enum BatchPlanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// None of the inputs is, or holds, a picture.
  case noPictures(passedOverFiles: Int, passedOverDirectories: Int)
  /// Several pictures of a stream were to go to one file.
  case severalPictures(output: FilePath)
  /// Inputs whose paths are to be kept from a directory on don't lie below it.
  case notBelow(base: FilePath, inputs: [FilePath])
  /// Several inputs want one output, or one each of several.
  case clashes([OutputClash])
  /// Writing the output would destroy an input, under this name or another.
  case outputIsInput(output: FilePath, input: FilePath)
  /// The only output is there and may not be replaced.
  case outputExists(FilePath)
  /// Outputs are there, and are no files.
  case notReplaceable([ObstructedOutput])
  /// Directories of outputs can't be made or written to.
  case closed([ClosedPlace])

  /// An output whose place is taken by what is never replaced.
  public struct ObstructedOutput: Equatable, Sendable {
    public let output: FilePath
    public let obstacle: OutputEntry.Obstacle

    public init(_ output: FilePath, _ obstacle: OutputEntry.Obstacle) {
      self.output = output
      self.obstacle = obstacle
    }
  }

  public var description: String {
    switch self {
    case .noPictures(let files, let directories):
      "no pictures found: files ending in \(ImageFormat.extensionList)"
        + (files > 0 ? "; \(counted(files, "other file")) passed over" : "")
        + (directories > 0
          ? "; \(counted(directories, "directory", "directories")) not entered" : "")
    case .severalPictures(let output):
      "on standard input several pictures stand one after the other, and \(output.printable) is one file"
    case .notBelow(let base, let inputs):
      listing(inputs.map(\.printable), "inputs are not below \(base.printable)") {
        "\($0) is not below \(base.printable)"
      }
    case .clashes(let clashes):
      listing(
        clashes.map { clash in
          listing(clash.inputs) + " would \(clash.inputs.count > 2 ? "all" : "both") be written to "
            + clash.output.printable
        }, "outputs are wanted by several pictures each")
    case .outputIsInput(let output, let input):
      "the output \(output.printable) is the input \(input.printable); inputs are never written to, "
        + "choose another output"
    case .outputExists(let output):
      "\(output.printable) exists already"
    case .notReplaceable(let outputs):
      listing(
        outputs.map { "\($0.output.printable) is \($0.obstacle), and only files are replaced" },
        "outputs can't be written")
    case .closed(let places):
      listing(
        places.map { "can't write to \($0.path.printable): \($0.reason)" },
        "directories can't be written to")
    }
  }
}

/// The one line there is; else the number of them, and the first ones.
private func listing(_ lines: [String], _ what: String, _ one: (String) -> String = { $0 })
  -> String
{
  if lines.count == 1 { return one(lines[0]) }
  return (["\(lines.count) \(what):"] + bounded(lines).map { "  \($0)" }).joined(separator: "\n")
}

/// The first names, and how many more there are.
private func listing(_ names: [FilePath]) -> String {
  let names = bounded(names.map(\.printable), atMost: 5)
  return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
}

/// The first of many lines, and how many more there are.
package func bounded(_ lines: [String], atMost limit: Int = 20) -> [String] {
  guard lines.count > limit else { return lines }
  return lines.prefix(limit) + ["\(lines.count - limit) more"]
}
