import Glibc
import Layers
import StyleModels
import Tensors
import WeightFiles

/// What a training begins with: a network, its convolutions, and the numbers of a style to begin at.
public struct Beginning: Sendable {
  let description: NetworkDescription
  /// The base that has the convolutions; nil where they are new.
  let base: BaseModel?
  /// `[O, I, K, K]` of each layer.
  let weights: [[Float]]
  let parameters: StyleParameters

  /// Begins on a base, at the mean of styles on it; where there are none, at norms that leave things as
  /// they are.
  public static func base(
    _ base: BaseModel, styles: [StyleParameters], norm: Norm = .instance, groups: Int = 4
  ) -> Beginning {
    var description = base.description
    (description.norm, description.groups) = (norm, groups)
    var parameters =
      styles.isEmpty
      ? plain(description) : .mixture(styles.map { (parameters: $0, weight: 1) })
    for index in parameters.norms.indices { parameters.norms[index].stored = nil }
    return Beginning(
      description: description, base: base,
      weights: description.layers.map { base.weights["\($0.name).weight"]?.values ?? [] },
      parameters: parameters)
  }

  /// Begins with the published network at a width, its convolutions random.
  public static func scratch(width: Int, norm: Norm, groups: Int, seed: UInt64) -> Beginning {
    // Pictures are seen as (x − 117) / 60.
    let description = NetworkDescription(
      width: width, norm: norm, groups: groups, inputRange: (-117.0 / 60)...(138.0 / 60))
    var generator = SplitMix64(seed: seed ^ 0x5CA7_C4)
    let layers = description.layers
    let weights = layers.enumerated().map { index, layer in
      let convolution = layer.convolution
      let inputs = Double(
        convolution.inputChannels * convolution.kernelSize * convolution.kernelSize)
      // The last one's output is in levels, about 30 of them.
      let deviation =
        index == layers.count - 1 ? 30 / inputs.squareRoot() : (2 / inputs).squareRoot()
      return (0..<convolution.weightCount).map { _ in Float(deviation * normal(&generator)) }
    }
    return Beginning(
      description: description, base: nil, weights: weights, parameters: plain(description))
  }

  private static func plain(_ description: NetworkDescription) -> StyleParameters {
    let level = description.levelStep
    return StyleParameters(
      norms: description.layers.filter { $0.norm != nil }.map { layer in
        let channels = layer.convolution.outputChannels
        return .init(
          gamma: [Float](repeating: 1, count: channels),
          beta: [Float](repeating: 0, count: channels))
      }, colorMatrix: [1, 0, 0, 0, 1, 0, 0, 0, 1].map { Float($0 * level) },
      colorShift: [Float](
        repeating: Float(description.inputRange.lowerBound + 117 * level), count: 3))
  }

  /// A number of the normal distribution (Box and Muller 1958).
  private static func normal(_ generator: inout SplitMix64) -> Double {
    let (first, second) = (
      Double.random(in: .leastNonzeroMagnitude...1, using: &generator),
      Double.random(in: 0..<1, using: &generator)
    )
    return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
  }

  /// - Throws: `TrainingError.groupsDoNotDivide`, `.threeChannels`.
  func check() throws(TrainingError) {
    // Gradients of three channels are laid out as a picture's.
    if let layer = description.layers.dropLast().first(where: {
      $0.convolution.outputChannels == 3
    }) {
      throw .threeChannels(layer: layer.name)
    }
    guard description.norm == .group else { return }
    for layer in description.layers {
      let channels = layer.convolution.outputChannels
      guard let norm = layer.norm, !channels.isMultiple(of: description.groups) else { continue }
      throw .groupsDoNotDivide(groups: description.groups, channels: channels, layer: norm)
    }
  }
}
