import StyleModels
import Tensors
import TestSupport

@testable import Layers

/// A layer on the way back: L is the sum of all outputs, each times its `gradient`.
extension LayerCase {
  /// The gradient by the output, in −1…1. `[O][H' · W']`
  var gradient: [[Float]] {
    var samples = Samples(seed: 15 + 100 * image)
    return (0..<outputs).map { _ in
      samples.array(geometry.outputHeight * geometry.outputWidth)
    }
  }

  /// The gradient as a map: three channels are a picture's pixels.
  var gradientMap: FeatureMap {
    Self.map(
      of: gradient, height: geometry.outputHeight, width: geometry.outputWidth,
      lanes: outputs == 3 ? FeatureMap.pixelLanes : FeatureMap.blockLanes)
  }

  /// A map of planes `[C][H · W]`, the lanes above the last channel 0.
  static func map(
    of planes: [[Float]], height: Int, width: Int, lanes: Int = FeatureMap.blockLanes
  ) -> FeatureMap {
    let map = FeatureMap(
      channels: planes.count, height: height, width: width, lanes: lanes, rows: 0..<height,
      buffer: AlignedBuffer(
        [Float](
          repeating: 0,
          count: FeatureMap.sampleCount(
            channels: planes.count, width: width, rows: height, lanes: lanes))))
    for (channel, plane) in planes.enumerated() {
      for y in 0..<height {
        let row = map.row(y, block: channel / lanes) + channel % lanes
        for x in 0..<width { row[x * lanes] = plane[y * width + x] }
      }
    }
    return map
  }

  /// A map that is read as it is.
  static func plain(_ map: FeatureMap) -> Activation {
    let affine = ChannelAffine(identityOf: map.channels)
    return Activation(map: map, affine: affine, center: affine.shift)
  }

  // What is tested

  /// The layer's way back, and how its convolution is cut.
  ///
  /// - Parameter isRepacked: Whether it had other weights before.
  private func backward(_ kernels: KernelSet, isRepacked: Bool = false)
    -> (gradient: InputGradient, ConvolutionTiling)
  {
    var backward = InputGradient(
      description, weights: isRepacked ? weights.reversed() : weights, kernels: kernels)
    if isRepacked { backward.repack(weights, of: description) }
    return (
      backward,
      backward.convolution.tiling(
        backward.convolution.geometry(
          inputHeight: geometry.outputHeight, inputWidth: geometry.outputWidth))
    )
  }

  /// Columns of a tile of the way back's convolution.
  var backwardTileWidth: Int { backward(.reference).1.tileWidth }

  /// The gradient by the layer's input behind its ReLU, added to `start` if there is one, led back as
  /// a training's tape does it. Of a picture it is in blocks of several pixels.
  func inputGradient(
    _ kernels: KernelSet, addingTo start: [[Float]]? = nil, isRepacked: Bool = false,
    workers: Int = 1
  ) -> FeatureMap {
    let (backward, tiling) = backward(kernels, isRepacked: isRepacked)
    let pool = WorkerPool(workers: workers)
    func poisoned(
      channels: Int, height: Int, width: Int, lanes: Int = FeatureMap.blockLanes
    ) -> FeatureMap {
      FeatureMap(
        channels: channels, height: height, width: width, lanes: lanes, rows: 0..<height,
        buffer: .poisoned(
          FeatureMap.sampleCount(channels: channels, width: width, rows: height, lanes: lanes)))
    }
    func convolve(into map: FeatureMap) {
      backward.convolution.run(
        rows: 0..<map.height, tiling, from: Self.plain(gradientMap), into: map, moments: nil,
        memory: memory(tiling, for: backward.convolution.algorithm, workers: workers), pool: pool,
        progress: ExecutionProgress())
    }
    let whole = poisoned(
      channels: backward.convolution.algorithm.outputLanes, height: tiling.geometry.outputHeight,
      width: tiling.outputColumns, lanes: backward.convolution.algorithm.mapLanes)
    if readsPicture {
      precondition(backward.isDirect, "gradients reach pictures under zero padding")
      convolve(into: whole)
      return whole
    }
    let target =
      start.map { Self.map(of: $0, height: height, width: width) }
      ?? poisoned(channels: inputs, height: height, width: width)
    if backward.isDirect, resampling != .maximum, start == nil {
      convolve(into: target)
      return target
    }
    convolve(into: whole)
    if !backward.isDirect {
      PaddingGradient(
        geometry, height: tiling.geometry.outputHeight, width: tiling.geometry.outputWidth,
        kernels: kernels, pool: pool
      ).run(whole, into: target, adds: start != nil)
    } else if resampling == .maximum {
      MaximumGradient(kernels: kernels, pool: pool)
        .run(whole, of: input(rows: 0..<height), into: target, adds: start != nil)
    } else {
      ResidualAddition(kernels: kernels).run(
        rows: 0..<height, Self.plain(target), Self.plain(whole), into: target, pool: pool)
    }
    return target
  }

  /// What adds up the gradient by the layer's weights, `[O, I, K, K]`, as a training's tape does it:
  /// where the output is a picture, that is what the way back reads, and roles are changed about.
  func weightGradient(_ kernels: KernelSet, workers: Int = 1) -> (
    clear: () -> Void, add: (LayerCase) -> Void, values: () -> [Float]
  ) {
    let pool = WorkerPool(workers: workers)
    guard outputs == 3 else {
      let weights = WeightGradient(layer(kernels), geometry, pool: pool)
      return (
        weights.clear, { weights.add($0.input(rows: 0..<$0.height), $0.gradientMap) },
        weights.values
      )
    }
    let (backward, tiling) = backward(kernels)
    let back = tiling.geometry
    let weights = WeightGradient(backward.convolution, back, pool: pool)
    let paddedInput = PaddedInput(
      geometry, width: back.outputWidth, kernels: kernels, pool: pool)
    func add(_ shape: LayerCase) {
      let whole = FeatureMap(
        channels: inputs, height: back.outputHeight, width: tiling.outputColumns,
        rows: 0..<back.outputHeight,
        buffer: .poisoned(
          FeatureMap.sampleCount(
            channels: inputs, width: tiling.outputColumns, rows: back.outputHeight)))
      paddedInput.run(shape.input(rows: 0..<height), into: whole)
      weights.add(Self.plain(shape.gradientMap), whole)
    }
    return (
      weights.clear, add,
      {
        InputGradient.turned(
          weights.values(), backward.convolution.description.convolution, isFlipped: true)
      }
    )
  }

  // What it is held to

  /// The sum of what stands at `padded[i · stride + u][j · stride + v]` times `gradient[i][j]`.
  private func product(
    _ padded: UnsafePointer<Double>, _ rowStride: Int, _ gradient: UnsafePointer<Float>, u: Int,
    v: Int
  ) -> Double {
    var (sum, i) = (0.0, 0)
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    // Loops that a debug build runs in a tolerable time.
    while i < height {
      let row = padded + ((i &* stride &+ u) &* rowStride &+ v)
      let gradients = gradient + i &* width
      var j = 0
      while j < width {
        sum += row[j &* stride] * Double(gradients[j])
        j = j &+ 1
      }
      i = i &+ 1
    }
    return sum
  }

  /// `∂L/∂w[o][c][u][v] = Σ x[c][i·s + u][j·s + v] · g[o][i][j]` by the padded input x, in Double.
  func naiveWeightGradient() -> [Double] {
    let inputs = (0..<inputs).map { padded($0) }
    let rowStride = inputs[0][0].count
    var result: [Double] = []
    for gradient in gradient {
      for input in inputs {
        let input = Array(input.joined())
        for u in 0..<kernel {
          for v in 0..<kernel { result.append(product(input, rowStride, gradient, u: u, v: v)) }
        }
      }
    }
    return result
  }

  /// `∂L/∂x[c][i·s + u][j·s + v] = Σ w[o][c][u][v] · g[o][i][j]` by the padded input x, gathered at the
  /// places that its samples come from, in Double. `[C][H · W]`
  func naiveInputGradient() -> [[Double]] {
    let (weights, gradient) = (weights, gradient)
    let (outputHeight, outputWidth) = (geometry.outputHeight, geometry.outputWidth)
    return (0..<inputs).map { channel in
      let sources = sources(channel)
      let rowStride = sources[0].count
      var padded = [Double](repeating: 0, count: sources.count * rowStride)
      for (output, gradient) in gradient.enumerated() {
        for u in 0..<kernel {
          for v in 0..<kernel {
            let weight = Double(
              weights[((output * inputs + channel) * kernel + u) * kernel + v])
            padded.withUnsafeMutableBufferPointer { padded in
              gradient.withUnsafeBufferPointer { gradient in
                var i = 0
                while i < outputHeight {
                  var target = (i &* stride &+ u) &* rowStride &+ v
                  var source = i &* outputWidth
                  let end = source &+ outputWidth
                  while source < end {
                    padded[target] += weight * Double(gradient[source])
                    target = target &+ stride
                    source = source &+ 1
                  }
                  i = i &+ 1
                }
              }
            }
          }
        }
      }
      var result = [Double](repeating: 0, count: height * width)
      for (source, gradient) in zip(sources.joined(), padded) {
        if let source { result[source] += gradient }
      }
      return result
    }
  }

  /// The most places of the padded input at which one sample stands.
  var mostPlaces: Int {
    var places = [Int](repeating: 0, count: height * width)
    for case let source? in sources(0).joined() { places[source] += 1 }
    return places.max() ?? 1
  }
}
