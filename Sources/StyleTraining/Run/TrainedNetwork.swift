import Layers
import StyleModels
import Tensors

/// The numbers that a training changes: of each style gamma and beta of every norm, the colour matrix
/// and its shift, and the convolutions where those are trained, too.
///
/// Colours are in levels, `output = matrix · y + 100 · shift`, so that one rate suits all.
struct TrainedNetwork: Sendable {
  static let shiftUnit: Float = 100

  let description: NetworkDescription
  let styles: [String]
  /// `[style][norm]` gamma and beta, then matrix and shift of each style, then the convolutions.
  var tensors: [TrainedTensor]
  /// The convolutions' weights `[O, I, K, K]` where they aren't trained.
  private let fixed: [[Float]]
  /// Running statistics of each norm of each style, for a norm that stores them.
  var running: [[StyleParameters.StoredStatistics]]
  private let normCount: Int

  /// - Parameters:
  ///   - styles: Each with its name and the parameters that it begins with, in the network's own units.
  ///   - weights: The convolutions' weights.
  init(
    _ description: NetworkDescription, styles: [(name: String, parameters: StyleParameters)],
    weights: [[Float]], trainsWeights: Bool
  ) {
    self.description = description
    self.styles = styles.map(\.name)
    let (black, level) = (description.inputRange.lowerBound, description.levelStep)
    let norms = description.layers.compactMap(\.norm)
    normCount = norms.count
    var tensors: [TrainedTensor] = []
    for (style, parameters) in styles {
      for (norm, values) in zip(norms, parameters.norms) {
        tensors.append(
          TrainedTensor("\(style)/\(norm).gamma", shape: [values.gamma.count], values.gamma))
        tensors.append(
          TrainedTensor("\(style)/\(norm).beta", shape: [values.beta.count], values.beta))
      }
      let matrix = parameters.colorMatrix ?? [1, 0, 0, 0, 1, 0, 0, 0, 1]
      tensors.append(
        TrainedTensor(
          "\(style)/color.matrix", shape: [3, 3], matrix.map { Float(Double($0) / level) }))
      tensors.append(
        TrainedTensor(
          "\(style)/color.shift", shape: [3],
          parameters.colorShift.map {
            Float((Double($0) - black) / level) / Self.shiftUnit
          }))
    }
    if trainsWeights {
      for (layer, values) in zip(description.layers, weights) {
        tensors.append(
          TrainedTensor("\(layer.name).weight", shape: layer.convolution.weightShape, values))
      }
    }
    self.tensors = tensors
    fixed = trainsWeights ? [] : weights
    running = styles.map { _ in
      description.layers.filter { $0.norm != nil }.map { layer in
        let channels = layer.convolution.outputChannels
        return .init(
          mean: [Float](repeating: 0, count: channels),
          variance: [Float](repeating: 1, count: channels))
      }
    }
  }

  var trainsWeights: Bool { fixed.isEmpty }

  /// The numbers of a style alone.
  private var tensorsOfStyle: Int { 2 * normCount + 2 }

  func gamma(_ style: Int, _ norm: Int) -> Int { style * tensorsOfStyle + 2 * norm }
  func beta(_ style: Int, _ norm: Int) -> Int { gamma(style, norm) + 1 }
  func matrix(_ style: Int) -> Int { style * tensorsOfStyle + 2 * normCount }
  func shift(_ style: Int) -> Int { matrix(style) + 1 }
  /// The place of a convolution's weights.
  func weights(ofLayer layer: Int) -> Int { styles.count * tensorsOfStyle + layer }

  func convolution(_ layer: Int) -> [Float] {
    trainsWeights ? tensors[weights(ofLayer: layer)].values : fixed[layer]
  }

  /// Gamma and beta of a style's norms.
  func norms(ofStyle style: Int) -> [StyleParameters.Norm] {
    (0..<normCount).map { norm in
      StyleParameters.Norm(
        gamma: tensors[gamma(style, norm)].values, beta: tensors[beta(style, norm)].values)
    }
  }

  /// A style's numbers in the network's own units.
  func parameters(ofStyle style: Int) -> StyleParameters {
    let (black, level) = (description.inputRange.lowerBound, description.levelStep)
    var norms = norms(ofStyle: style)
    if description.norm == .batch {
      for norm in norms.indices { norms[norm].stored = running[style][norm] }
    }
    return StyleParameters(
      norms: norms,
      colorMatrix: tensors[matrix(style)].values.map { Float(Double($0) * level) },
      colorShift: tensors[shift(style)].values.map {
        Float(black + Double($0 * Self.shiftUnit) * level)
      })
  }
}

extension NetworkDescription {
  /// A level of 0…255 as a step in the network's input and output.
  var levelStep: Double { (inputRange.upperBound - inputRange.lowerBound) / 255 }
}
