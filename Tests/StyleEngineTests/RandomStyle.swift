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
    let fan = Float(shape.dropFirst().reduce(1, *))
    let (middle, reach): (Float, Float) =
      if name.hasSuffix(".gamma") {
        (1, 0.5)
      } else if name.hasSuffix(".variance") {
        (1.5, 1)
      } else {
        (0, name.hasSuffix(".weight") ? (3 / fan).squareRoot() : 0.5)
      }
    let values = samples.array(shape.reduce(1, *)).map { middle + reach * $0 }
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
