import ArgumentParser
import ForeignWeights
import StyleModels
import SystemFiles
import SystemPackage

/// `pastiche convert FILE -o FILE.safetensors`
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn a published network's weights into a style, or a style into a network.",
    discussion: """
      Reads the fast neural style network of PyTorch's examples, its tensors in a safetensors \
      file under their published names, at any width. Of a style that is made for a base, or a \
      mixture of such, it writes a network that needs no base.
      """)

  @Argument(
    help: ArgumentHelp("The published weights, or a style.", valueName: "file|style"))
  var input: StyleArgument

  @OptionGroup var library: LibraryOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The style to write; its name becomes the style's.", valueName: "file"))
  var output: PathArgument

  @Option(help: "Under which terms published weights may be used.")
  var licence: String?

  @Option(help: "How published weights came about.")
  var training: String?

  @Option(
    help: ArgumentHelp(
      "The norm that a published network was trained with, which its file can't tell; instance by default."
    ))
  var norm: Norm?

  @Flag(help: "Replace the output if it is there already.")
  var overwrite = false

  func validate() throws {
    try output.requireStyleFile()
    try input.validate()
    if norm == .batchLive {
      throw ValidationError("--norm batch-live is no norm to be trained with; use batch")
    }
    guard input.isMixture else {
      throw ValidationError(
        "this takes one file or style, or a mixture such as great-wave:0.7,udnie:0.3")
    }
  }

  func run() throws {
    let name = output.path.stem ?? "style"
    let part = input.parts[0]
    let library = library.library()
    let output = OutputFiles(output: self.output.path)
    try output.refuse(
      amongst: input.parts.map { (try? library.file(of: $0.style)) ?? $0.style },
      replacing: overwrite)
    if input.parts.count == 1, isPublished(part.style) {
      return try convertPublished(part.style, name: name)
    }
    guard licence == nil, training == nil, norm == nil else {
      throw Refusal("\(part.text) is a style and says its licence, training and norm itself")
    }
    let style = try ChosenStyle(input, in: library)
    try output.refuse(amongst: style.inputs, replacing: overwrite)
    guard style.model.base != nil else {
      throw Refusal("\(part.text) is a Pastiche style already, and needs no base")
    }
    let network: StyleModel
    do throws(StyleModelError) { network = try style.model.asNetwork(named: name) } catch {
      throw Refusal(error)
    }
    try network.write(to: self.output, replacing: overwrite)
  }

  /// Whether a file that isn't ours is meant, there or not.
  private func isPublished(_ file: FilePath) -> Bool {
    let isFile =
      file.namesAFile || FileIdentity(of: file)?.isRegularFile == true
      || (try? library.library().file(of: file)) == nil
    return isFile && !StyleModel.recognizes(fileAt: file)
  }

  private func convertPublished(_ file: FilePath, name: String) throws {
    let converted: ConvertedStyle
    do throws(ForeignWeightsError) {
      converted = try PyTorchWeights.styleModel(
        contentsOf: file, name: name, licence: licence ?? "unknown",
        training: training ?? "unknown", norm: norm ?? .instance)
    } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
    for note in converted.notes { StandardError.writeLine("\(printable(file)): \(note)") }
    try converted.model.write(to: output, replacing: overwrite)
  }
}
