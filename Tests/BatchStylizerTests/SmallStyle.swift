import StyleEngine
import StyleModels
import TestSupport
import WeightFiles

/// A network of width 4 with random weights and stored statistics, whose results are around gray.
func smallNetwork(statistics: Bool = true, seed: UInt64 = 7) throws -> StyleNetwork {
  let description = NetworkDescription(width: 4, residualBlocks: 1)
  var samples = Samples(seed: seed)
  var weights: [String: StoredTensor] = [:]
  for (name, shape) in description.tensors(withStatistics: statistics) {
    let fan = Float(shape.dropFirst().reduce(1, *))
    let values = (0..<shape.reduce(1, *)).map { _ -> Float in
      if name == "deconv3.weight" { return 80 * samples.next() * (3 / fan).squareRoot() }
      if name == "deconv3.bias" { return 128 }
      if name.hasSuffix(".gamma") || name.hasSuffix(".variance") { return 1 + samples.next() / 2 }
      return name.hasSuffix(".weight")
        ? samples.next() * (3 / fan).squareRoot() : samples.next() / 2
    }
    weights[name] = StoredTensor(shape: shape, values: values)
  }
  let model = try StyleModel(
    name: "small", description: description, licence: "CC0-1.0", training: "none: random weights",
    weights: weights)
  return try StyleNetwork(model)
}
