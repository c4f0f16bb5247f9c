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

func smallModel(
  _ description: NetworkDescription = small, licence: String = "CC0-1.0",
  card: [String: String] = ["after": "nobody"], statistics: Bool = false,
  weights tensors: [String: StoredTensor]? = nil
) throws(StyleModelError) -> StyleModel {
  try StyleModel(
    name: "small", description: description, licence: licence, training: "by hand", card: card,
    weights: tensors ?? weights(for: small, statistics: statistics))
}

/// What keeps weights from being a style of this description.
func faultsOfModel(
  _ description: NetworkDescription, licence: String = "CC0-1.0",
  _ tensors: [String: StoredTensor]
) -> [StyleModelError.Fault] {
  do throws(StyleModelError) {
    _ = try smallModel(description, licence: licence, weights: tensors)
  } catch {
    if case .faults(let faults) = error { return faults }
  }
  return []
}
