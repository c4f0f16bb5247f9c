import BatchStylizer
import StyleEngine
import StyleModels
import Tensors

/// Makes networks of styles.
enum StyleNetworks {
  /// Styles as a run takes them, each as its file says; those of one base share a network.
  static func styles(_ chosen: [ChosenStyle]) throws(Refusal) -> [BatchRun.Style] {
    var choices: [NormChoice] = []
    for style in chosen {
      choices.append(try NormOptions.choose(nil, groups: nil, swap: false, for: style))
    }
    return try styles(choices) { choice in
      Stylization(normalization: choice.normalization, brush: Brush(choice.model.advice))
    }
  }

  /// - Parameter stylization: What is done in each.
  static func styles(_ choices: [NormChoice], _ stylization: (NormChoice) -> Stylization)
    throws(Refusal) -> [BatchRun.Style]
  {
    var networks: [String: StyleNetwork] = [:]
    var styles: [BatchRun.Style] = []
    for choice in choices {
      let base = choice.model.base?.digest
      let network: StyleNetwork
      if let base, let known = networks[base] {
        network = known
      } else {
        do throws(KernelChoiceError) { network = try StyleNetwork(choice.model) } catch {
          throw Refusal(error)
        }
        if let base { networks[base] = network }
      }
      styles.append(
        BatchRun.Style(network, choice.model.parameters, stylization: stylization(choice)))
    }
    return styles
  }
}
