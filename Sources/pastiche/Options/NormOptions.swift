import ArgumentParser
import Layers
import StyleEngine
import StyleModels
import SystemPackage

extension Norm: ExpressibleByArgument {}

/// `--groups 4` or `--groups channels`.
extension Groups: ExpressibleByArgument {
  public init?(argument: String) {
    if argument == "channels" {
      self = .channels
    } else if let count = Int(argument), count > 0 {
      self = .count(count)
    } else {
      return nil
    }
  }
}

/// Whose statistics normalize.
struct NormOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whose statistics normalize; by default as the style was trained.",
      discussion: """
        instance: a channel of a picture. group: neighbouring channels. layer: all channels. \
        batch: those stored in the style. batch-live: those of --batch pictures together. A \
        variant trained so is used where there is one, else other statistics under the same \
        weights.
        """))
  var norm: Norm?

  @Option(
    help: ArgumentHelp(
      "Groups of channels under --norm group; \"channels\" is one each.", valueName: "n|channels"))
  var groups: Groups?

  @Flag(help: "Use the style's own weights under --norm, even where a variant was trained so.")
  var swap = false

  func validate() throws {
    if groups != nil, norm != .group {
      throw ValidationError("--groups goes with --norm group")
    }
  }

  /// A style ready to be normalized as asked, and what is to be said of it.
  struct Choice {
    let model: StyleModel
    let normalization: Normalization
    /// As `--norm` calls it.
    let normName: String
    let note: String?
    /// Whether the weights were trained under another norm.
    let isSwapped: Bool
  }

  /// - Throws: `Refusal` where a variant can't be read.
  func choose(for model: StyleModel, in file: FilePath) throws(Refusal) -> Choice {
    try Self.choose(norm, groups: groups, swap: swap, for: model, in: file)
  }

  /// - Parameters:
  ///   - norm: Nil for the style's own.
  ///   - chosen: Nil for the style's, else 4.
  ///   - swap: Whether the style's own weights are used in any case.
  /// - Throws: `Refusal` where a variant can't be read.
  static func choose(
    _ norm: Norm?, groups chosen: Groups?, swap: Bool, for model: StyleModel, in file: FilePath
  ) throws(Refusal) -> Choice {
    let own = model.description
    let norm = norm ?? own.norm
    let groups = chosen ?? .count(own.norm == .group ? own.groups : 4)
    let isOwn = norm == own.norm && (norm != .group || groups == .count(own.groups))
    let isTrained = isOwn || (norm == .batchLive && own.norm == .batch)
    if isTrained {
      return Choice(
        model: model, normalization: Normalization(norm, groups: groups), normName: norm.rawValue,
        note: nil, isSwapped: false)
    }
    if !swap, let variant = StyleLibrary.variant(of: file, norm: norm) {
      let trained = try StyleOptions.model(in: variant)
      let trainedGroups = Groups.count(trained.description.groups)
      if norm != .group || chosen == nil || groups == trainedGroups {
        return Choice(
          model: trained, normalization: Normalization(norm, groups: trainedGroups),
          normName: norm.rawValue,
          note: "\(norm.rawValue) norm: using \(printable(variant)), trained with it",
          isSwapped: false)
      }
    }
    return Choice(
      model: model, normalization: Normalization(norm, groups: groups), normName: norm.rawValue,
      note: "\(norm.rawValue) norm: other statistics under the weights of \(model.name), which was "
        + "trained with \(own.norm.rawValue) norm", isSwapped: true)
  }
}
