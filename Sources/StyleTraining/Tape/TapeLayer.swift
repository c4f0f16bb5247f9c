import Layers
import StyleModels
import Tensors

/// What a tape has for a layer and pictures of one size: how its convolution is cut into parts, both ways,
/// and what leads gradients around it.
struct TapeLayer {
  let geometry: ConvolutionGeometry
  let tiling: ConvolutionTiling
  /// Nil, as all of the following, where no gradient is led back.
  let backwardTiling: ConvolutionTiling?
  /// Nil where the way back ends at the input itself, without padding.
  let padding: PaddingGradient?
  /// The input where the gradient by the weights is taken with roles changed about.
  let paddedInput: PaddedInput?
  let weights: WeightGradient?
  /// Samples of the layer's output.
  let outputCount: Int
  /// Samples of the gradient by the padded input.
  let paddedCount: Int
  /// Values that the moments of the layer's strips take.
  let momentCount: Int

  init(
    _ layer: TrainableNetwork.Layer, inputHeight: Int, inputWidth: Int, trainsWeights: Bool,
    kernels: KernelSet, pool: WorkerPool
  ) {
    geometry = layer.forward.geometry(inputHeight: inputHeight, inputWidth: inputWidth)
    tiling = layer.forward.tiling(geometry)
    outputCount = FeatureMap.sampleCount(
      channels: layer.channels, width: geometry.outputWidth, rows: geometry.outputHeight)
    momentCount = StripMoments.valueCount(
      tiling, strips: geometry.strips, channels: layer.channels)
    guard let backward = layer.backward else {
      (backwardTiling, padding, paddedInput, paddedCount) = (nil, nil, nil, 0)
      weights = trainsWeights ? WeightGradient(layer.forward, geometry, pool: pool) : nil
      return
    }
    let convolution = backward.convolution
    let back = convolution.geometry(
      inputHeight: geometry.outputHeight, inputWidth: geometry.outputWidth)
    let tiling = convolution.tiling(back)
    backwardTiling = tiling
    paddedCount = FeatureMap.sampleCount(
      channels: convolution.algorithm.outputLanes, width: tiling.outputColumns,
      rows: back.outputHeight, lanes: convolution.algorithm.mapLanes)
    padding =
      backward.isDirect
      ? nil
      : PaddingGradient(
        geometry, height: back.outputHeight, width: back.outputWidth, kernels: kernels, pool: pool)
    let writesPixels = layer.channels == 3
    paddedInput =
      trainsWeights && writesPixels
      ? PaddedInput(geometry, width: back.outputWidth, kernels: kernels, pool: pool) : nil
    weights =
      !trainsWeights
      ? nil
      : writesPixels
        ? WeightGradient(convolution, back, pool: pool)
        : WeightGradient(layer.forward, geometry, pool: pool)
  }
}
