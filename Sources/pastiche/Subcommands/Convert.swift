import ArgumentParser
import ForeignWeights
import StyleModels
import SystemPackage

/// `pastiche convert FILE -o FILE.safetensors`
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn a published network's weights into a style.",
    discussion: """
      Reads the fast neural style network of PyTorch's examples, its tensors in a safetensors \
      file under their published names, at any width.
      """)

  @Argument(help: "The published weights.")
  var input: PathArgument

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The style to write; its name becomes the style's.", valueName: "file"))
  var output: PathArgument

  @Option(help: "Under which terms the weights may be used.")
  var licence = "unknown"

  @Option(help: "How the weights came about.")
  var training = "unknown"

  @Option(help: "The norm that the network was trained with, which the file can't tell.")
  var norm: Norm = .instance

  @Flag(help: "Replace the output if it is there already.")
  var overwrite = false

  func validate() throws {
    try output.requireStyleFile()
    guard [.instance, .group, .layer, .batch].contains(norm) else {
      throw ValidationError("--norm batch-live is no norm to be trained with; use batch")
    }
  }

  func run() throws {
    let converted: ConvertedStyle
    do throws(ForeignWeightsError) {
      converted = try PyTorchWeights.styleModel(
        contentsOf: input.path, name: output.path.stem ?? "style", licence: licence,
        training: training,
        norm: norm)
    } catch {
      throw Refusal("\(printable(input.path)): \(error.message)")
    }
    for note in converted.notes { StandardError.writeLine("\(printable(input.path)): \(note)") }
    try converted.model.write(to: output, replacing: overwrite)
  }
}
