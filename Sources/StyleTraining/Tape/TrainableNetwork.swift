import Layers
import StyleModels
import Tensors

/// A network's layers, made ready for both directions.
final class TrainableNetwork {
  /// A layer's convolution and the way back through it.
  struct Layer {
    fileprivate(set) var forward: ConvolutionLayer
    /// Nil where nobody asks for the gradient by its input.
    fileprivate(set) var backward: InputGradient?
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

  /// Puts other weights in the place of all layers'.
  ///
  /// - Parameter weights: Of the layer of a number, `[O, I, K, K]`.
  func set(_ weights: (Int) -> [Float], pool: WorkerPool) {
    layers.withUnsafeMutableBufferPointer { layers in
      pool.run(2 * layers.count) { part, _ in
        let (index, isBackward) = (part / 2, !part.isMultiple(of: 2))
        if isBackward {
          layers[index].backward?.repack(weights(index), of: layers[index].forward.description)
        } else {
          layers[index].forward.repack(weights(index))
        }
      }
    }
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
