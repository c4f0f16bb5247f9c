import StyleModels
import WeightFiles

/// A base of the smallest network, all of its weights different.
func smallBase(
  _ name: String = "ground", width: Int = 1, inputRange: ClosedRange<Double> = 0...255,
  factor: Float = 1
) throws -> BaseModel {
  let description = NetworkDescription(width: width, residualBlocks: 1, inputRange: inputRange)
  var weights: [String: StoredTensor] = [:]
  for (index, (name, shape)) in description.tensors(of: .base).enumerated() {
    let values = (0..<shape.reduce(1, *)).map { factor * (Float(index) + Float($0) / 4096) }
    weights[name] = StoredTensor(shape: shape, values: values)
  }
  return try BaseModel(
    name: name, description: description, licence: "CC0-1.0", training: "by hand",
    weights: weights)
}

/// A style on a base whose numbers are all `value`, or follow from it.
func smallStyle(
  _ value: Float, on base: BaseModel, name: String = "small", norm: Norm = .instance,
  statistics: Bool = false, advice: PaintingAdvice = PaintingAdvice()
) throws(StyleModelError) -> StyleModel {
  let norms = base.description.layers.filter { $0.norm != nil }.map { layer in
    let values = [Float](repeating: value, count: layer.convolution.outputChannels)
    return StyleParameters.Norm(
      gamma: values, beta: values.map { -$0 },
      stored: statistics ? .init(mean: values, variance: values) : nil)
  }
  return try StyleModel(
    name: name,
    StyleParameters(
      norms: norms, colorMatrix: [value, 0, 0, 0, 1, 0, 0, 0, 1], colorShift: [value, 0, 1]),
    on: base, norm: norm, advice: advice, licence: "CC0-1.0", training: "by hand",
    card: ["after": "nobody"])
}
