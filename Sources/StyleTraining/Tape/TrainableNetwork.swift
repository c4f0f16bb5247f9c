import Layers
import StyleModels
import Tensors

/// A network's layers, made ready for both directions.
final class TrainableNetwork {
  /// A layer's convolution and the way back through it.
  struct Layer {
    let forward: ConvolutionLayer
    /// Nil where nobody asks for the gradient by its input.
    let backward: InputGradient?
    /// The place of its norm among the norms; nil where it has none.
    let norm: Int?

    var description: LayerDescription { forward.description }
    var channels: Int { description.convolution.outputChannels }
  }

  private(set) var layers: [Layer]
  let epsilon: Double
  let kernels: KernelSet
  /// Whether gradients are led back.
  let goesBack: Bool

  /// - Parameters:
  ///   - reachesPicture: Whether the gradient by the picture is wanted, too.
  ///   - weights: A layer's weights `[O, I, K, K]` and bias `[O]`.
  init(
    _ descriptions: [LayerDescription], epsilon: Double = 1e-5, goesBack: Bool = true,
    reachesPicture: Bool, kernels: KernelSet,
    weights: (LayerDescription) -> (weights: [Float], bias: [Float])
  ) {
    self.epsilon = epsilon
    self.kernels = kernels
    self.goesBack = goesBack
    layers = []
    for (index, description) in descriptions.enumerated() {
      let (weights, bias) = weights(description)
      layers.append(
        Self.layer(
          description, norm: description.norm.map { _ in layers.count { $0.norm != nil } },
          weights: weights, bias: bias, goesBack: goesBack && (index > 0 || reachesPicture),
          kernels: kernels))
    }
  }

  /// Puts other weights in place of a layer's.
  func set(_ weights: [Float], ofLayer index: Int) {
    let layer = layers[index]
    layers[index] = Self.layer(
      layer.description, norm: layer.norm, weights: weights, bias: layer.forward.bias,
      goesBack: layer.backward != nil, kernels: kernels)
  }

  private static func layer(
    _ description: LayerDescription, norm: Int?, weights: [Float], bias: [Float], goesBack: Bool,
    kernels: KernelSet
  ) -> Layer {
    Layer(
      forward: ConvolutionLayer(
        description, weights: weights, bias: bias,
        writesPixels: description.convolution.outputChannels == 3, kernels: kernels),
      backward: goesBack ? InputGradient(description, weights: weights, kernels: kernels) : nil,
      norm: norm)
  }
}
