import StyleModels
import Tensors

/// A convolution with its bias, over reflected borders, of an input that may be enlarged first:
/// `y[o][i][j] = bias[o] + Σ w[o][c][u][v] · x[c][i·s + u − p][j·s + v − p]` for stride s and
/// padding p, x `[C, H, W]` and y `[O, H', W']` as `FeatureMap`s.
///
/// The output is cut into strips of rows and tiles of columns. For each, the input with its halo is
/// gathered into a patch that fits the cache, with the pending norm and ReLU applied and borders
/// and enlargement resolved; then the layer's algorithm computes it, and moments are measured while
/// the result is at hand.
package struct ConvolutionLayer: Sendable {
  package let description: ConvolutionDescription
  package let algorithm: any ConvolutionAlgorithm

  package let kernels: KernelSet
  private let bias: [Float]
  /// Where the algorithm wants its input centred, Σ w of each output and input channel, `[O, I]`.
  private let weightSums: [Double]

  /// - Parameters:
  ///   - weights: `[O, I, K, K]`, row-major.
  ///   - bias: `[O]`.
  package init(
    _ description: ConvolutionDescription, packing: WeightPacking, weights: [Float], bias: [Float],
    kernels: KernelSet
  ) {
    self.description = description
    self.kernels = kernels
    self.bias = bias
    if WinogradConvolution.fits(description), packing.inputLanes == FeatureMap.blockLanes,
      packing.columnsPerBlock == 1
    {
      algorithm = WinogradConvolution(description, weights: weights, kernels: kernels)
      let taps = description.kernelSize * description.kernelSize
      weightSums = stride(from: 0, to: weights.count, by: taps).map { first in
        weights[first..<first + taps].reduce(0) { $0 + Double($1) }
      }
    } else {
      algorithm = DirectConvolution(
        description, packing: packing, weights: weights, kernels: kernels)
      weightSums = []
    }
  }

  package func geometry(inputHeight: Int, inputWidth: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(description, inputHeight: inputHeight, inputWidth: inputWidth)
  }

  /// The tiles for one input size.
  package func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    algorithm.tiling(geometry)
  }

  /// Sets the bias of each output lane, with what an input that was gathered less `center` lacks.
  package func setBias(_ lanes: AlignedBuffer, center: AlignedBuffer) {
    let (inputs, outputs) = (description.inputChannels, description.outputChannels)
    for lane in 0..<lanes.count {
      let output = lane % outputs
      var sum = lane < algorithm.outputLanes ? Double(bias[output]) : 0
      if isCentered, lane < outputs {
        for input in 0..<inputs {
          sum += Double(center.start[input]) * weightSums[output * inputs + input]
        }
      }
      lanes.start[lane] = Float(sum)
    }
  }

  /// Whether the algorithm wants its input less a value amid each channel.
  package var isCentered: Bool { !weightSums.isEmpty }
}
