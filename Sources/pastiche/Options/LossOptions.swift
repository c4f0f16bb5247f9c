import ArgumentParser
import StyleModels
import StyleTraining
import SystemPackage

/// How a picture is judged beside a painting.
struct LossOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network that compares pictures, by default our own; VGG-19 as safetensors, too.",
      valueName: "file"))
  var lossNetwork: PathArgument?

  @Option(
    help: ArgumentHelp(
      "The painting's shorter side in pixels when it is looked at: larger gives larger strokes.",
      valueName: "n"))
  var styleSize = TrainingSettings().styleSize

  @Option(help: ArgumentHelp("How much the painting counts.", valueName: "f"))
  var styleWeight = TrainingSettings().weights.style

  @Option(
    help: ArgumentHelp(
      "What is kept of the photograph: a layer, /2 or /4 at half or quarter size, where its forms are drawn anew; relu2_2 keeps every detail.",
      valueName: "layer,..."))
  var contentLayers = TrainingSettings().taps

  private static let weights = 0.0...1e6

  func validate() throws {
    try Self.checkWeight("style-weight", styleWeight)
    let sizes = TrainingSettings.styleSizes
    guard sizes.contains(styleSize) else {
      throw ValidationError("--style-size must be in \(sizes), not \(styleSize)")
    }
  }

  /// - Throws: A usage error where the weight is none.
  static func checkWeight(_ name: String, _ value: Double) throws {
    guard weights.contains(value) else {
      throw ValidationError("--\(name) must be in 0...1000000, not \(value)")
    }
  }

  /// The file of the loss network.
  ///
  /// - Throws: `Refusal` where there is none.
  func file(in library: StyleLibrary) throws(Refusal) -> FilePath {
    if let lossNetwork { return lossNetwork.path }
    return try library.ownFile("loss-network", of: "loss network", flag: "--loss-network")
  }

  /// Reads the loss network.
  ///
  /// - Throws: `Refusal`.
  static func network(in file: FilePath) throws(Refusal) -> LossNetwork {
    do throws(LossNetworkError) { return try LossNetwork(contentsOf: file) } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
  }
}

extension StyleLibrary {
  /// A file that comes with the styles and is none.
  ///
  /// - Parameters:
  ///   - kind: What it is, in words.
  ///   - flag: The option that names another.
  /// - Throws: `Refusal` where there is none.
  func ownFile(_ name: FilePath, of kind: String, flag: String) throws(Refusal) -> FilePath {
    do throws(StyleLibraryError) { return try file(of: name) } catch {
      throw Refusal(
        "no \(kind): \(name).safetensors isn't in \(error.searched.map(printable).joined(separator: ", ")); "
          + "name its directory with --models, or another with \(flag)")
    }
  }
}

extension LossTaps: ExpressibleByArgument {
  public init?(argument: String) { self.init(content: argument) }

  public var defaultValueDescription: String { contentText }
}
