import ArgumentParser
import ForeignWeights
import Layers
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// `pastiche convert FILE -o FILE`
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn other programs' weights into styles, and back.",
    discussion: """
      Reads the fast neural style network of PyTorch's examples, at any width: what torch.save \
      wrote, safetensors under PyTorch's names, and ONNX; and lengstrom's fast-style-transfer, a \
      folder of TensorFlow variables with its manifest.json. Of a style, or a mixture, it writes a \
      network that needs no base; an output that ends in .onnx is ONNX, which ONNX Runtime and \
      OpenVINO run.
      """)

  @Argument(
    help: ArgumentHelp("The published weights, or a style.", valueName: "file|style"))
  var input: StyleArgument

  @OptionGroup var library: LibraryOptions

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "The .safetensors or .onnx to write; its name becomes the style's.", valueName: "file"))
  var output: PathArgument

  @Flag(help: "Name tensors as PyTorch's example does, for load_state_dict.")
  var pytorchNames = false

  @Option(help: "Under which terms published weights may be used.")
  var licence: String?

  @Option(help: "How published weights came about.")
  var training: String?

  @Option(
    help: ArgumentHelp(
      "The norm: of published weights the one that they were trained with, where their file can't tell (instance by default); of a style the one that its network gets."
    ))
  var norm: Norm?

  @Option(
    help: ArgumentHelp(
      "Groups of channels under --norm group, by default as trained, else 4; \"channels\" is one each.",
      valueName: "n|channels"))
  var groups: Groups?

  @Flag(help: "Use the style's own weights under --norm, even where a variant was trained so.")
  var swap = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What was added to each variance, where the published file can't tell; 1e-5 by default.",
      valueName: "number"))
  var epsilon: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Black and white to the network, where the published file can't tell; 0...255 by default.",
      valueName: "low...high"))
  var range: RangeArgument?

  @Flag(help: "Replace the output if it is there already.")
  var overwrite = false

  private var isONNX: Bool { output.path.extension == "onnx" }

  func validate() throws {
    try output.requireStyleFile(or: "onnx")
    if isONNX, pytorchNames {
      throw ValidationError("--pytorch-names goes with an output that ends in .safetensors")
    }
    if groups != nil, norm != .group {
      throw ValidationError("--groups goes with --norm group")
    }
    try input.validate()
    guard input.isMixture else {
      throw ValidationError(
        "this takes one file or style, or a mixture such as great-wave:0.7,udnie:0.3")
    }
  }

  func run() throws {
    library.tellWhatIsMissing()
    let library = library.library()
    let part = input.parts[0]
    let output = OutputFiles(output: self.output.path)
    try output.refuse(
      amongst: input.parts.map { (try? library.file(of: $0.style)) ?? $0.style },
      replacing: overwrite)
    if input.parts.count == 1, isPublished(part.style, library) {
      try write(published(part.style))
      if !isONNX, !pytorchNames {
        StandardError.writeLine(
          "paint with it: pastiche PHOTO.jpg -o PAINTING.jpg -m "
            + printable(ShellWord.quoted(self.output.path)))
      }
      return
    }
    guard licence == nil, training == nil, epsilon == nil, range == nil else {
      throw Refusal("\(part.text) is a style and says its licence, training and numbers itself")
    }
    let style = try ChosenStyle(input, in: library)
    try output.refuse(amongst: style.inputs, replacing: overwrite)
    let choice = try NormOptions.choose(norm, groups: groups, swap: swap, for: style)
    if let note = choice.note { StandardError.writeLine(note) }
    guard choice.model.base != nil || norm != nil || isONNX || pytorchNames else {
      throw Refusal("\(part.text) is a Pastiche style already, and needs no base")
    }
    let network: StyleModel
    do throws(StyleModelError) {
      network = try choice.model.asNetwork(named: name)
        .normalized(choice.norm, choice.normalization)
    } catch {
      throw Refusal(error)
    }
    try write(network)
  }

  private var name: String { output.path.stem ?? "style" }

  /// Whether a file that isn't ours is meant, there or not.
  private func isPublished(_ file: FilePath, _ library: StyleLibrary) -> Bool {
    let isFile =
      file.namesAFile || FileIdentity(of: file)?.isRegularFile == true
      || (try? library.file(of: file)) == nil
    return isFile && !StyleModel.recognizes(fileAt: file)
  }

  private func published(_ file: FilePath) throws(Refusal) -> StyleModel {
    if norm == .batchLive {
      throw Refusal("--norm batch-live is no norm to be trained with; use batch")
    }
    var told = PublishedWeights.Told()
    (told.licence, told.training, told.norm) = (licence, training, norm)
    (told.epsilon, told.inputRange) = (epsilon, range?.range)
    switch groups {
    case .count(let count): told.groups = count
    case .channels: told.norm = .instance
    case nil: break
    }
    let converted: ConvertedStyle
    do throws(ForeignWeightsError) {
      converted = try PublishedWeights.styleModel(contentsOf: file, name: name, told)
    } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
    for note in converted.notes {
      StandardError.writeLine("\(printable(file)): \(printable("\(note)"))\(note.advice)")
    }
    StandardError.writeLine("\(printable(file)): \(converted.summary)")
    return converted.model
  }

  private func write(_ style: StyleModel) throws(Refusal) {
    do throws(ForeignWeightsError) {
      if isONNX {
        try ONNXWeights.write(style, to: output.path, replacing: overwrite)
      } else if pytorchNames {
        try PyTorchWeights.write(style, to: output.path, replacing: overwrite)
      }
    } catch {
      throw Refusal(error)
    }
    if !isONNX, !pytorchNames { try style.write(to: output, replacing: overwrite) }
    StandardError.tellWritten(output.path)
  }
}

extension ConvertedStyle.Note {
  /// What to do where the network is another.
  fileprivate var advice: String {
    switch self {
    case .removedPrefix, .unusedTensors, .absentTensors: ""
    case .droppedStatistics: "; a network that was trained with batch norm needs --norm batch"
    case .assumed(let assumptions):
      "; else say \(assumptions.map(\.option).joined(separator: ", "))"
    }
  }
}

extension ConvertedStyle.Assumption {
  fileprivate var option: String {
    switch self {
    case .norm: "--norm"
    case .groups: "--groups"
    case .epsilon: "--epsilon"
    case .range: "--range"
    }
  }
}

extension StyleModel {
  /// The same network under another norm.
  fileprivate func normalized(
    _ norm: Norm, _ normalization: Normalization
  ) throws(StyleModelError) -> StyleModel {
    var description = description
    description.norm = norm
    switch normalization {
    case .group(.count(let groups)): description.groups = groups
    case .group(.channels): description.norm = .instance
    case .instance, .layer, .batch, .batchLive: break
    }
    guard description != self.description else { return self }
    return try StyleModel(
      name: name, description: description, advice: advice, licence: licence, training: training,
      card: card, weights: weights)
  }
}

/// `0...1`: two rising numbers.
struct RangeArgument: ExpressibleByArgument {
  let range: ClosedRange<Double>

  init?(argument: String) {
    let bounds = argument.split(separator: "...", omittingEmptySubsequences: false).map {
      Double($0).flatMap { $0.isFinite ? $0 : nil }
    }
    guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low < high else {
      return nil
    }
    range = low...high
  }
}
