import StyleModels
import Tensors

/// A layer's convolution with its bias, of an input that may be resampled first:
/// `y[o][i][j] = bias[o] + Σ w[o][c][u][v] · x[c][i·s + u − p][j·s + v − p]` for stride s and
/// padding p, x `[C, H, W]` and y `[O, H', W']` as `FeatureMap`s.
///
/// The output is cut into strips of rows and tiles of columns. For each, the input with its halo is
/// gathered into a patch that fits the cache, with the pending norm and ReLU applied and borders
/// and resampling resolved; then the layer's algorithm computes it, and moments are measured while
/// the result is at hand.
package struct ConvolutionLayer: Sendable {
  package let description: LayerDescription
  package let algorithm: any ConvolutionAlgorithm

  package let kernels: KernelSet
  /// Samples of bias, `[O]`.
  package let bias: [Float]
  /// The sums Σ w of each output and input channel, `[O, I]`, where the algorithm wants its input
  /// centred.
  private var weightSums: [Double]

  /// - Parameters:
  ///   - weights: `[O, I, K, K]`, row-major.
  ///   - bias: `[O]`.
  ///   - writesPixels: Whether the output may be a map of pixels: three channels would leave most of
  ///     a vector idle.
  package init(
    _ description: LayerDescription, weights: [Float], bias: [Float], writesPixels: Bool,
    kernels: KernelSet
  ) {
    self.description = description
    self.kernels = kernels
    self.bias = bias
    let readsPicture = description.input == .picture
    let isCentered: Bool
    if description.convolution.isTransposed {
      algorithm = TransposedConvolution(description, weights: weights, kernels: kernels)
      isCentered = false
    } else if writesPixels, !readsPicture, PixelConvolution.fits(description.convolution) {
      algorithm = PixelConvolution(description.convolution, weights: weights, kernels: kernels)
      isCentered = false
    } else if WinogradConvolution.fits(description), !readsPicture {
      algorithm = WinogradConvolution(description, weights: weights, kernels: kernels)
      isCentered = description.padding.keepsConstants
    } else {
      let packing = WeightPacking(description.convolution, readsPicture: readsPicture)
      algorithm =
        LargeKernelConvolution.fits(description.convolution)
        ? LargeKernelConvolution(
          description.convolution, packing: packing, weights: weights, kernels: kernels)
        : DirectConvolution(
          description.convolution, packing: packing, weights: weights, kernels: kernels)
      isCentered = false
    }
    weightSums = isCentered ? Self.sums(weights, description.convolution) : []
  }

  private static func sums(_ weights: [Float], _ convolution: LayerDescription.Convolution)
    -> [Double]
  {
    let taps = convolution.kernelSize * convolution.kernelSize
    return (0..<weights.count / taps).map { kernel in
      var sum = 0.0
      for tap in kernel * taps..<(kernel + 1) * taps { sum += Double(weights[tap]) }
      return sum
    }
  }

  /// Puts other weights in the place of those that it has, for whoever shares them too.
  ///
  /// - Parameter weights: `[O, I, K, K]`.
  package mutating func repack(_ weights: [Float]) {
    algorithm.repack(weights)
    if isCentered { weightSums = Self.sums(weights, description.convolution) }
  }

  /// Tells what of the layer can't be run, for a person; nil where all can.
  package static func refusal(of layer: LayerDescription) -> String? {
    let convolution = layer.convolution
    if convolution.isTransposed {
      if layer.padding.kind != .zero { return "a transposed convolution's padding is zero" }
      if layer.resampling != .none { return "the input of a transposed convolution is as it is" }
      if !ConvolutionGeometry.stripHeight.isMultiple(of: convolution.stride) {
        return "a transposed convolution's stride divides \(ConvolutionGeometry.stripHeight)"
      }
      if layer.input == .picture { return "a transposed convolution reads a layer's output" }
    }
    if layer.input == .picture, layer.resampling == .maximum {
      return "maxima are taken of a layer's output, not of the picture"
    }
    return nil
  }

  package func geometry(inputHeight: Int, inputWidth: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(description, inputHeight: inputHeight, inputWidth: inputWidth)
  }

  /// Makes the tiles for one input size.
  package func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    algorithm.tiling(geometry)
  }

  /// Sets each output lane to its bias, with what an input that was gathered less `center` lacks.
  package func setBias(_ lanes: AlignedBuffer, to bias: [Float], center: AlignedBuffer) {
    let convolution = description.convolution
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    for lane in 0..<lanes.count {
      var sum = lane < outputs ? Double(bias[lane]) : 0
      if isCentered, lane < outputs {
        for input in 0..<inputs {
          sum += Double(center.start[input]) * weightSums[lane * inputs + input]
        }
      }
      lanes.start[lane] = Float(sum)
    }
  }

  /// Whether the algorithm wants its input less a value amid each channel.
  package var isCentered: Bool { !weightSums.isEmpty }
}

extension LayerDescription.Padding {
  /// Whether a constant goes on as that constant beyond the edges.
  fileprivate var keepsConstants: Bool {
    switch kind {
    case .reflection, .replication: true
    case .zero: self == .init(.zero, 0)
    }
  }
}
