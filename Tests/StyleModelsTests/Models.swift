import StyleModels
import WeightFiles

/// Weights for `description`, all different; variances are positive.
func weights(
  for description: NetworkDescription, statistics: Bool = false
) -> [String: StoredTensor] {
  var weights: [String: StoredTensor] = [:]
  for (index, (name, shape)) in description.tensors(withStatistics: statistics).enumerated() {
    let values = (0..<shape.reduce(1, *)).map { Float(index) + Float($0) / 4096 }
    weights[name] = StoredTensor(shape: shape, values: values)
  }
  return weights
}

/// The smallest network there is.
let small = NetworkDescription(width: 1, residualBlocks: 1)

func smallModel(statistics: Bool = false) throws(StyleModelError) -> StyleModel {
  try StyleModel(
    name: "small", description: small, licence: "CC0-1.0", training: "by hand",
    card: ["after": "nobody"], weights: weights(for: small, statistics: statistics))
}
