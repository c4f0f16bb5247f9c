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
  var isTransposed = false
  var resampling = LayerDescription.Resampling.none
  /// Nil for a reflection by half the kernel.
  var padding: LayerDescription.Padding?
  var readsPicture = false
  var writesPicture = false
  var height: Int
  var width: Int
  /// The number of an image: others have other samples.
  var image: UInt64 = 0
  /// Numbers from elsewhere; nil for random ones.
  var values: Values?

  struct Values: Sendable {
    let weights: [Float]
    let bias: [Float]
    /// `[C][H · W]`.
    let planes: [[Float]]
  }

  var testDescription: String {
    let (padding, sides) = (description.padding, description.padding)
    return "\(inputs)→\(outputs), \(kernel)×\(kernel), stride \(stride)"
      + (isTransposed ? " transposed" : "") + ", \(resampling), \(padding.kind) \(sides.top) "
      + "\(sides.left) \(sides.bottom) \(sides.right), \(height)×\(width)"
      + (readsPicture ? ", reads" : "") + (writesPicture ? ", writes" : "")
  }

  var description: LayerDescription {
    LayerDescription(
      "case", input: readsPicture ? .picture : .output(of: 0), resampling: resampling,
      convolution: .init(
        inputs, outputs, kernelSize: kernel, stride: stride, isTransposed: isTransposed),
      padding: padding ?? .init(.reflection, kernel / 2), norm: nil, activation: .identity)
  }

  var packing: WeightPacking {
    WeightPacking(description.convolution, readsPicture: readsPicture)
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
    if let values { return values.weights }
    var samples = Samples(seed: 11)
    return samples.array(outputs * inputs * kernel * kernel)
  }

  var bias: [Float] {
    if let values { return values.bias }
    var samples = Samples(seed: 12)
    return samples.array(outputs)
  }

  /// `[C][H · W]`.
  var planes: [[Float]] {
    if let values { return values.planes }
    var samples = Samples(seed: 13 + 100 * image)
    return (0..<inputs).map { _ in samples.array(height * width) }
  }

  /// Scale and shift by channel; a picture's are not looked at.
  var affine: ChannelAffine {
    if readsPicture || values != nil { return ChannelAffine(identityOf: inputs) }
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
    return algorithm is DirectConvolution ? direct : 8 * direct
  }

  // What is tested

  func layer(_ kernels: KernelSet) -> ConvolutionLayer {
    ConvolutionLayer(
      description, weights: weights, bias: bias, writesPixels: writesPicture, kernels: kernels)
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
      channels: outputs, height: geometry.outputHeight, width: tiling.outputColumns,
      lanes: algorithm.mapLanes, rows: rows,
      buffer: .poisoned(
        FeatureMap.sampleCount(
          channels: outputs, width: tiling.outputColumns, rows: rows.count,
          lanes: algorithm.mapLanes)))
  }

  /// Memory for `tiling`'s parts, poisoned too.
  ///
  /// - Parameter other: The algorithm of another layer than this.
  func memory(
    _ tiling: ConvolutionTiling, for other: (any ConvolutionAlgorithm)? = nil, workers: Int
  ) -> PartMemory {
    let memory = PartMemory(workers: workers)
    let algorithm = other ?? algorithm
    memory.reserve(tiling, for: algorithm)
    for worker in 0..<workers {
      let buffers = memory.buffers(of: worker)
      buffers.patch.update(
        repeating: .nan, count: PartMemory.patchCount(tiling, for: algorithm))
      buffers.results.update(
        repeating: .nan, count: PartMemory.resultCount(tiling, for: algorithm))
    }
    return memory
  }

  /// The whole output, computed as one range.
  func run(_ kernels: KernelSet, workers: Int = 1) -> (map: FeatureMap, moments: [ChannelMoments]) {
    let tiling = tiling
    let rows = 0..<geometry.outputHeight
    let map = output(rows: rows)
    let moments = bandMoments(tiling)
    layer(kernels).run(
      rows: rows, tiling, from: input(rows: 0..<height), into: map, moments: moments?.strips,
      memory: memory(tiling, workers: workers), pool: WorkerPool(workers: workers),
      progress: ExecutionProgress())
    return (map, moments?.merged() ?? [])
  }

  /// The place of moments: nil of pixels, which no norm follows.
  func bandMoments(_ tiling: ConvolutionTiling) -> BandMoments? {
    algorithm.mapLanes == FeatureMap.pixelLanes
      ? nil : BandMoments(tiling, channels: outputs)
  }

  // What it is held to

  /// A channel of the input with the pending norm and ReLU applied, in Double. `[H · W]`
  func activated(_ channel: Int) -> [Double] {
    let affine = affine
    let (scale, shift) = (Double(affine.scale.start[channel]), Double(affine.shift.start[channel]))
    let floor = Double(affine.floor.start[channel])
    return planes[channel].map { max(scale * Double($0) + shift, floor) }
  }

  /// The place in the input of each sample that the convolution sees, resampled and padded: of maxima
  /// the first that is largest, nil where zeros stand. `[H''][W'']`
  func sources(_ channel: Int) -> [[Int?]] {
    let resampled: [[Int?]]
    switch resampling {
    case .none:
      resampled = (0..<height).map { y in (0..<width).map { y * width + $0 } }
    case .nearest:
      resampled = (0..<2 * height).map { y in (0..<2 * width).map { y / 2 * width + $0 / 2 } }
    case .maximum:
      let samples = activated(channel)
      resampled = (0..<height / 2).map { y in
        (0..<width / 2).map { x in
          let first = 2 * (y * width + x)
          return [1, width, width + 1].reduce(first) {
            samples[first + $1] > samples[$0] ? first + $1 : $0
          }
        }
      }
    }
    let padding = description.padding
    if isTransposed { return resampled }
    func continued<Element>(_ list: [Element], _ before: Int, _ after: Int, zero: Element)
      -> [Element]
    {
      (-before..<list.count + after).map { place in
        if list.indices.contains(place) { return list[place] }
        let last = list.count - 1
        switch padding.kind {
        case .zero: return zero
        case .replication: return list[min(max(place, 0), last)]
        case .reflection: return list[place < 0 ? -place : 2 * last - place]
        }
      }
    }
    let rows = resampled.map { continued($0, padding.left, padding.right, zero: nil) }
    let zeros = [Int?](repeating: nil, count: rows.first?.count ?? 0)
    return continued(rows, padding.top, padding.bottom, zero: zeros)
  }

  /// A channel of the input as the convolution sees it: the pending norm and ReLU applied,
  /// resampled and padded, in Double. `[H''][W'']`
  func padded(_ channel: Int) -> [[Double]] {
    let samples = activated(channel)
    return sources(channel).map { $0.map { $0.map { samples[$0] } ?? 0 } }
  }

  /// The convolution by its definition, in Double: resample, pad, multiply. `[O][H' · W']`.
  func naive() -> [[Double]] {
    let (outputHeight, outputWidth) = (geometry.outputHeight, geometry.outputWidth)
    let inputs = (0..<inputs).map { padded($0) }
    let (weights, bias) = (weights, bias)
    let (top, left) = (description.padding.top, description.padding.left)
    return (0..<outputs).map { output in
      var sums = [Double](repeating: Double(bias[output]), count: outputHeight * outputWidth)
      for (channel, plane) in inputs.enumerated() {
        for u in 0..<kernel {
          for v in 0..<kernel {
            let weight = Double(
              weights[((output * inputs.count + channel) * kernel + u) * kernel + v])
            if isTransposed {
              for (i, row) in plane.enumerated() {
                let y = i * stride + u - top
                guard (0..<outputHeight).contains(y) else { continue }
                for (j, sample) in row.enumerated() {
                  let x = j * stride + v - left
                  if (0..<outputWidth).contains(x) {
                    sums[y * outputWidth + x] += weight * sample
                  }
                }
              }
              continue
            }
            sums.withUnsafeMutableBufferPointer { sums in
              // Loops that a debug build runs in a tolerable time.
              var i = 0
              while i < outputHeight {
                plane[i &* stride &+ u].withUnsafeBufferPointer { row in
                  var source = v
                  var target = i &* outputWidth
                  let end = target &+ outputWidth
                  while target < end {
                    sums[target] += weight * row[source]
                    source = source &+ stride
                    target = target &+ 1
                  }
                }
                i = i &+ 1
              }
            }
          }
        }
      }
      return sums
    }
  }

  /// The output map as `[O][H' · W']`.
  func planes(of map: FeatureMap) -> [[Float]] {
    (0..<outputs).map { output in
      (0..<geometry.outputHeight).flatMap { y in
        let row = map.row(y, block: output / map.lanes) + output % map.lanes
        return (0..<geometry.outputWidth).map { row[$0 * map.lanes] }
      }
    }
  }
}

extension LayerCase {
  /// Below, at and above the strips of rows, at either stride and enlarged.
  static let strips = [2, 11, 12, 13, 25].flatMap { rows in
    [
      LayerCase(inputs: 4, outputs: 5, height: rows, width: 9),
      LayerCase(inputs: 4, outputs: 5, stride: 2, height: 2 * rows, width: 8),
      LayerCase(inputs: 4, outputs: 5, stride: 2, height: 2 * rows - 1, width: 7),
      LayerCase(inputs: 4, outputs: 5, resampling: .nearest, height: rows / 2, width: 5),
    ]
  }
}
