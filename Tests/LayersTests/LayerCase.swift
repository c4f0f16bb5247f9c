import Tensors
import TestSupport
import Testing

@testable import Layers
@testable import StyleModels

/// A convolution with random weights, an input that a ReLU is pending on, and what comes of it.
struct LayerCase: Sendable, CustomTestStringConvertible {
  var inputs = 16
  var outputs = 16
  var kernel = 3
  var stride = 1
  var upsampling = 1
  var readsPicture = false
  var writesPicture = false
  var height: Int
  var width: Int

  var testDescription: String {
    "\(inputs)→\(outputs), \(kernel)×\(kernel), stride \(stride), ×\(upsampling), "
      + "\(height)×\(width)\(readsPicture ? ", reads" : "")\(writesPicture ? ", writes" : "")"
  }

  var description: ConvolutionDescription {
    ConvolutionDescription(
      name: "case", inputChannels: inputs, outputChannels: outputs, kernelSize: kernel,
      stride: stride, upsampling: upsampling, norm: nil)
  }

  var packing: WeightPacking {
    WeightPacking(description, readsPicture: readsPicture, writesPicture: writesPicture)
  }

  var geometry: ConvolutionGeometry {
    ConvolutionGeometry(description, inputHeight: height, inputWidth: width)
  }

  var tiling: ConvolutionTiling {
    algorithm.tiling(geometry)
  }

  /// The algorithm that the layer's shape asks for, whatever its weights.
  var algorithm: any ConvolutionAlgorithm { layer(.reference).algorithm }

  // Values, in −1…1

  var weights: [Float] {
    var samples = Samples(seed: 11)
    return samples.array(outputs * inputs * kernel * kernel)
  }

  var bias: [Float] {
    var samples = Samples(seed: 12)
    return samples.array(outputs)
  }

  /// `[C][H · W]`.
  var planes: [[Float]] {
    var samples = Samples(seed: 13)
    return (0..<inputs).map { _ in samples.array(height * width) }
  }

  /// Scale and shift by channel; a picture's are not looked at.
  var affine: ChannelAffine {
    if readsPicture { return ChannelAffine(identityOf: inputs) }
    var samples = Samples(seed: 14)
    let statistics = (0..<inputs).map { _ in
      Statistics(mean: Double(samples.next()), variance: 1)
    }
    return ChannelAffine(
      statistics: statistics, areMeasured: false, gamma: samples.array(inputs),
      beta: samples.array(inputs), epsilon: 1e-5, followedByReLU: true)
  }

  /// |gamma · (x − mean) + beta| ≤ 3 for values in −1…1.
  static let largestInput: Float = 3

  /// Terms · largest product · 2 · 2⁻²³, the rounding of the pending norm among it.
  /// Winograd's transforms let it grow by their factors.
  var tolerance: Float {
    let direct = Float(inputs * kernel * kernel + 1) * Self.largestInput * 2 * Float.ulpOfOne
    return algorithm is WinogradConvolution ? 8 * direct : direct
  }

  // What is tested

  func layer(_ kernels: KernelSet) -> ConvolutionLayer {
    ConvolutionLayer(description, packing: packing, weights: weights, bias: bias, kernels: kernels)
  }

  /// Rows `rows` of the input, and nothing else: the lanes above the last channel are 0.
  func input(rows: Range<Int>) -> Activation {
    let lanes = packing.inputLanes
    let map = FeatureMap(
      channels: inputs, height: height, width: width, lanes: lanes, rows: rows,
      buffer: AlignedBuffer(
        [Float](
          repeating: 0,
          count: FeatureMap.sampleCount(
            channels: inputs, width: width, rows: rows.count, lanes: lanes))))
    for (channel, plane) in planes.enumerated() {
      for y in rows {
        let row = map.row(y, block: channel / lanes) + channel % lanes
        for x in 0..<width { row[x * lanes] = plane[y * width + x] }
      }
    }
    // Any value may be the centre.
    return Activation(map: map, affine: affine, center: affine.shift)
  }

  /// An output of rows `rows` in which a sample that nobody writes shows.
  func output(rows: Range<Int>) -> FeatureMap {
    FeatureMap(
      channels: packing.outputLanes, height: geometry.outputHeight, width: tiling.outputColumns,
      rows: rows,
      buffer: .poisoned(
        FeatureMap.sampleCount(
          channels: packing.outputLanes, width: tiling.outputColumns, rows: rows.count)))
  }

  /// Memory for `tiling`'s parts, poisoned too.
  func scratch(_ tiling: ConvolutionTiling, workers: Int) -> ConvolutionScratch {
    let scratch = ConvolutionScratch(workers: workers)
    let algorithm = algorithm
    scratch.reserve(tiling, for: algorithm)
    for worker in 0..<workers {
      let (patch, result) = scratch.buffers(of: worker)
      let part = tiling.largestPart
      let samples = part.patchRows.count * part.patchColumns.count
      patch.update(
        repeating: .nan, count: algorithm.inputBlocks * algorithm.inputLanes * samples)
      result.update(repeating: .nan, count: algorithm.scratchCount(tiling))
    }
    return scratch
  }

  /// The whole output, computed as one range.
  func run(_ kernels: KernelSet, workers: Int = 1) -> (map: FeatureMap, moments: [ChannelMoments]) {
    let tiling = tiling
    let rows = 0..<geometry.outputHeight
    let map = output(rows: rows)
    let moments = BandMoments(tiling, channels: packing.outputLanes)
    layer(kernels).run(
      rows: rows, tiling, from: input(rows: 0..<height), into: map, moments: moments.strips,
      scratch: scratch(tiling, workers: workers), pool: WorkerPool(workers: workers),
      progress: ExecutionProgress())
    return (map, moments.merged())
  }

  // What it is held to

  /// The convolution by its definition, in Double: enlarge, reflect, multiply. `[O][H' · W']`.
  func naive() -> [[Double]] {
    let affine = affine
    let (tall, wide) = (height * upsampling, width * upsampling)
    let padding = kernel / 2
    let (outputHeight, outputWidth) = (
      (tall + 2 * padding - kernel) / stride + 1, (wide + 2 * padding - kernel) / stride + 1
    )
    let (paddedHeight, paddedWidth) = (tall + 2 * padding, wide + 2 * padding)
    func reflected(_ position: Int, _ side: Int) -> Int {
      if position < 0 { return -position }
      return position < side ? position : 2 * (side - 1) - position
    }
    let padded = planes.enumerated().map { channel, plane in
      let (scale, shift) = (affine.scale.start[channel], affine.shift.start[channel])
      return (0..<paddedHeight * paddedWidth).map { position -> Double in
        let y = reflected(position / paddedWidth - padding, tall) / upsampling
        let x = reflected(position % paddedWidth - padding, wide) / upsampling
        let value = Double(scale) * Double(plane[y * width + x]) + Double(shift)
        return max(value, Double(affine.floor.start[channel]))
      }
    }
    let weights = weights
    return (0..<outputs).map { output in
      var sums = [Double](repeating: Double(bias[output]), count: outputHeight * outputWidth)
      sums.withUnsafeMutableBufferPointer { sums in
        for channel in 0..<inputs {
          padded[channel].withUnsafeBufferPointer { plane in
            for u in 0..<kernel {
              for v in 0..<kernel {
                let weight = Double(
                  weights[((output * inputs + channel) * kernel + u) * kernel + v])
                // Loops that a debug build runs in a tolerable time.
                var i = 0
                while i < outputHeight {
                  var source = (i &* stride &+ u) &* paddedWidth &+ v
                  var target = i &* outputWidth
                  let end = target &+ outputWidth
                  while target < end {
                    sums[target] += weight * plane[source]
                    source = source &+ stride
                    target = target &+ 1
                  }
                  i = i &+ 1
                }
              }
            }
          }
        }
      }
      return sums
    }
  }

  /// The output map as `[O][H' · W']`, blocks of several pixels taken apart.
  func planes(of map: FeatureMap) -> [[Float]] {
    (0..<outputs).map { output in
      (0..<geometry.outputHeight).flatMap { y in
        let row = map.row(y)
        return (0..<geometry.outputWidth).map { x in
          guard packing.columnsPerBlock > 1 else {
            return map.row(y, block: output / 16)[x * 16 + output % 16]
          }
          let (block, pixel) = x.quotientAndRemainder(dividingBy: packing.columnsPerBlock)
          return row[block * 16 + pixel * outputs + output]
        }
      }
    }
  }
}
