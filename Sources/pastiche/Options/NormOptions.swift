import ArgumentParser
import Layers
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

extension Norm: ExpressibleByArgument {
  /// - Throws: A usage error with what was probably meant.
  init(typed name: String) throws {
    guard let norm = Norm(rawValue: name) else {
      let match = Norm.allCases.map(\.rawValue).closestMatch(to: name)
      throw ValidationError(
        "there is no norm '\(printable(name))'." + (match.map { " Did you mean '\($0)'?" } ?? ""))
    }
    self = norm
  }

  /// Reads a norm that styles are trained with.
  ///
  /// - Throws: A usage error where there is none of the name.
  @Sendable static func trained(typed name: String) throws -> Norm {
    let norm = try Norm(typed: name)
    guard norm != .batchLive else {
      throw ValidationError("train with --norm batch, whose statistics are the batch's own")
    }
    return norm
  }
}

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

/// The choice of whose statistics normalize.
struct NormOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which statistics normalize; by default those that the style was trained with.",
      discussion: """
        instance: each channel's own. group: neighbouring channels. layer: all channels. \
        batch: those stored in the style. batch-live: those of --batch pictures together. A \
        variant trained so is used where there is one, else other statistics under the same \
        weights.
        """))
  var norm: Norm?

  @Option(
    help: ArgumentHelp(
      "Groups of channels under --norm group, by default as trained, else 4; \"channels\" is one each.",
      valueName: "n|channels"))
  var groups: Groups?

  @Flag(help: "Use the style's own weights under --norm, even where a variant was trained so.")
  var swap = false

  func validate() throws {
    if groups != nil, norm != .group {
      throw ValidationError("--groups goes with --norm group")
    }
  }

  /// - Throws: `Refusal` where a variant can't be read.
  func choose(for style: ChosenStyle) throws(Refusal) -> NormChoice {
    try Self.choose(norm, groups: groups, swap: swap, for: style)
  }

  /// - Parameters: The same that `NormChoice` takes.
  /// - Throws: `Refusal` where a variant can't be read.
  static func choose(
    _ norm: Norm?, groups: Groups?, swap: Bool, for style: ChosenStyle
  ) throws(Refusal) -> NormChoice {
    do throws(NormChoiceError) {
      return try NormChoice(
        norm, groups: groups, swap: swap, for: style.model, in: style.file, style.library)
    } catch {
      throw Refusal("\(printable(error.variant)): \(error.reason.message)")
    }
  }
}

extension NormChoice {
  /// The remark on the choice, where there is one.
  var note: String? {
    switch weights {
    case .own: nil
    case .variant(let file): "\(norm.rawValue) norm: using \(printable(file)), trained with it"
    case .swapped(let trained):
      "\(norm.rawValue) norm: other statistics under the weights of \(model.name), which was "
        + "trained with \(trained.rawValue) norm"
    }
  }
}
