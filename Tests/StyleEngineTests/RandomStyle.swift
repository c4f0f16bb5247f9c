import StyleModels
import TestSupport
import WeightFiles

/// A style whose weights are random and keep activations at about 1, each layer's by its fan-in.
func randomStyle(
  _ description: NetworkDescription, statistics: Bool = false
) throws(StyleModelError) -> StyleModel {
  var samples = Samples(seed: 41)
  var weights: [String: StoredTensor] = [:]
  for (name, shape) in description.tensors(withStatistics: statistics) {
    let count = shape.reduce(1, *)
    let fan = Float(shape.dropFirst().reduce(1, *))
    let values = samples.array(count).map { sample in
      if name.hasSuffix(".gamma") { return 1 + sample / 2 }
      if name.hasSuffix(".variance") { return 1.5 + sample }
      return name.hasSuffix(".weight") ? sample * (3 / fan).squareRoot() : sample / 2
    }
    weights[name] = StoredTensor(shape: shape, values: values)
  }
  return try StyleModel(
    name: "random", description: description, licence: "CC0-1.0", training: "none: random weights",
    weights: weights)
}

extension StyleModel {
  /// The same with another description and other weights.
  func changed(
    _ description: NetworkDescription, _ weights: [String: StoredTensor]
  ) throws(StyleModelError) -> StyleModel {
    try StyleModel(
      name: name, description: description, licence: licence, training: training, card: card,
      weights: weights)
  }
}
