import StyleModels
import Tensors

/// The gradient by a convolution's weights: `∂L/∂w[o][c][u][v] = Σ x[c][i·s + u][j·s + v] · g[o][i][j]`,
/// x being the padded input and g the gradient by the output.
///
/// Work is split by inputs and outputs, never by samples: each sum is one worker's, in one order.
package final class WeightGradient {
  private let convolution: LayerDescription.Convolution
  private let algorithm: any WeightGradientAlgorithm
  private let pool: WorkerPool

  package init(_ layer: ConvolutionLayer, _ geometry: ConvolutionGeometry, pool: WorkerPool) {
    convolution = layer.description.convolution
    self.pool = pool
    let isWinograd =
      WinogradWeightGradient.fits(layer.description) && layer.description.input != .picture
    algorithm =
      isWinograd
      ? WinogradWeightGradient(layer, geometry, pool: pool)
      : DirectWeightGradient(layer, geometry, pool: pool)
    clear()
  }

  /// Begins anew.
  package func clear() { algorithm.clear() }

  /// Adds an image's.
  ///
  /// - Parameters:
  ///   - input: The layer's input `[I, H, W]`.
  ///   - gradient: The gradient by its output `[O, H', W']`.
  package func add(_ input: Activation, _ gradient: FeatureMap) {
    algorithm.add(input, gradient)
  }

  /// Gives the gradients added so far, `[O, I, K, K]`.
  package func values() -> [Float] {
    var values = [Float](repeating: 0, count: convolution.weightCount)
    store(into: &values)
    return values
  }

  /// Puts the gradients added so far into `values`, `[O, I, K, K]`.
  package func store(into values: inout [Float]) {
    precondition(values.count == convolution.weightCount, "values are as many as weights")
    let blocks = FeatureMap.blockCount(channels: convolution.outputChannels)
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      pool.run(blocks) { block, _ in algorithm.store(ofBlock: block, into: start) }
    }
  }
}

/// The way in which the gradient by a convolution's weights is computed.
protocol WeightGradientAlgorithm: AnyObject {
  func clear()
  func add(_ input: Activation, _ gradient: FeatureMap)
  /// Puts what was added so far for a block of outputs into its place in `[O, I, K, K]`.
  func store(ofBlock block: Int, into values: UnsafeMutablePointer<Float>)
}
