import CKernelArguments
import StyleModels
import Tensors

/// The way back through a layer's convolution to its input: another convolution, whose input is the
/// gradient by this one's output.
///
/// At stride 1 it is the convolution with the kernels turned by half a circle, inputs and outputs
/// changed about, under zero padding; at a longer stride the transposed convolution. Either gives the
/// gradient by the *padded* input, as padding is the gathering's; `PaddingGradient` leads it on.
package struct InputGradient: Sendable {
  /// The convolution, which has the kernels of all others.
  package private(set) var convolution: ConvolutionLayer
  /// Whether its output is the input's gradient as it is: nothing was padded but zeros.
  package let isDirect: Bool

  /// - Parameters:
  ///   - layer: The layer that is led back through.
  ///   - weights: Its weights `[O, I, K, K]`.
  package init(_ layer: LayerDescription, weights: [Float], kernels: KernelSet) {
    let convolution = layer.convolution
    precondition(!convolution.isTransposed, "a transposed convolution isn't trained")
    let size = convolution.kernelSize
    isDirect =
      layer.padding.kind == .zero && convolution.stride == 1 && layer.resampling != .nearest
    let readsPicture = convolution.outputChannels == 3
    let isTransposed = convolution.stride > 1
    let padding =
      isDirect
      ? LayerDescription.Padding(
        .zero, top: size - 1 - layer.padding.top, left: size - 1 - layer.padding.left,
        bottom: size - 1 - layer.padding.bottom, right: size - 1 - layer.padding.right)
      : .init(.zero, isTransposed ? 0 : size - 1)
    self.convolution = ConvolutionLayer(
      LayerDescription(
        "\(layer.name).gradient", input: readsPicture ? .picture : .output(of: 0),
        convolution: .init(
          convolution.outputChannels, convolution.inputChannels, kernelSize: size,
          stride: convolution.stride, isTransposed: isTransposed, hasBias: false),
        padding: padding, norm: nil, activation: .identity),
      weights: Self.turned(weights, convolution, isFlipped: !isTransposed),
      bias: [Float](repeating: 0, count: convolution.inputChannels),
      writesPixels: convolution.inputChannels == 3, kernels: kernels)
  }

  /// Takes other weights of the layer that is led back through.
  package mutating func repack(_ weights: [Float], of layer: LayerDescription) {
    convolution.repack(
      Self.turned(weights, layer.convolution, isFlipped: layer.convolution.stride == 1))
  }

  /// `[O, I, K, K]` as `[I, O, K, K]`, the taps from the last to the first where `isFlipped`.
  package static func turned(
    _ weights: [Float], _ convolution: LayerDescription.Convolution, isFlipped: Bool
  ) -> [Float] {
    let taps = convolution.kernelSize * convolution.kernelSize
    let (outputs, inputs) = (convolution.outputChannels, convolution.inputChannels)
    return [Float](unsafeUninitializedCapacity: weights.count) { turned, count in
      for output in 0..<outputs {
        for input in 0..<inputs {
          let (source, target) = (
            (output * inputs + input) * taps, (input * outputs + output) * taps
          )
          for tap in 0..<taps {
            turned[target + tap] = weights[source + (isFlipped ? taps - 1 - tap : tap)]
          }
        }
      }
      count = weights.count
    }
  }
}

/// The way back from a layer's padded and enlarged input to the input: what stood in several places is
/// the sum of their gradients.
package final class PaddingGradient: ParallelTask {
  private let kernels: KernelSet
  private let pool: WorkerPool
  /// The positions of the padded input at which each input row stands.
  private let positions: [[Int]]
  /// The input column at each position from `firstColumn` on, as far as there is one.
  private let columns: [Int32]
  private let firstColumn: Int
  private var job: (padded: FeatureMap, output: FeatureMap, adds: Bool)?

  /// - Parameters:
  ///   - geometry: The layer's.
  ///   - height: The padded gradient's, as its width: positions beyond have no gradient.
  package init(
    _ geometry: ConvolutionGeometry, height: Int, width: Int, kernels: KernelSet, pool: WorkerPool
  ) {
    self.kernels = kernels
    self.pool = pool
    var positions = [[Int]](repeating: [], count: geometry.inputHeight)
    for position in 0..<height {
      if let row = geometry.inputRow(at: position) { positions[row].append(position) }
    }
    self.positions = positions
    let all = (0..<width).map { geometry.inputColumn(at: $0) }
    firstColumn = all.firstIndex { $0 != nil } ?? 0
    columns = all.compactMap { $0.map(Int32.init) }
  }

  /// - Parameters:
  ///   - padded: The gradient by the padded input, `[C, height, width]`.
  ///   - adds: Whether the output has a gradient already.
  package func run(_ padded: FeatureMap, into output: FeatureMap, adds: Bool) {
    job = (padded, output, adds)
    pool.run(output.height, self)
    job = nil
  }

  /// An input row.
  package func run(part row: Int, worker: Int) {
    guard let (padded, output, adds) = job else { return }
    let (scatter, positions) = (kernels.scatterBlocks, positions[row])
    columns.withUnsafeBufferPointer { columns in
      guard let start = columns.baseAddress else { return }
      for block in 0..<output.blocks {
        let target = output.row(row, block: block)
        if !adds { target.update(repeating: 0, count: output.width * FeatureMap.blockLanes) }
        for position in positions {
          let source = padded.row(position, block: block) + firstColumn * FeatureMap.blockLanes
          scatter(
            .init(output: target, input: source, columns: start, count: columns.count))
        }
      }
    }
  }
}

/// The way back through maxima of 2×2 samples.
package final class MaximumGradient: ParallelTask {
  private let kernels: KernelSet
  private let pool: WorkerPool
  private var job: (pooled: FeatureMap, input: Activation, output: FeatureMap, adds: Bool)?

  package init(kernels: KernelSet, pool: WorkerPool) {
    self.kernels = kernels
    self.pool = pool
  }

  /// - Parameters:
  ///   - pooled: The gradient by the maxima, `[C, H / 2, W / 2]`.
  ///   - input: What they were taken of, `[C, H, W]`.
  ///   - adds: Whether the output has a gradient already.
  package func run(_ pooled: FeatureMap, of input: Activation, into output: FeatureMap, adds: Bool)
  {
    job = (pooled, input, output, adds)
    pool.run((output.height + 1) / 2, self)
    job = nil
  }

  /// Two input rows; the last of an odd number stands in no maximum.
  package func run(part row: Int, worker: Int) {
    guard let (pooled, input, output, adds) = job else { return }
    for block in 0..<output.blocks {
      if !adds {
        for y in 2 * row..<min(2 * row + 2, output.height) {
          output.row(y, block: block)
            .update(repeating: 0, count: output.width * FeatureMap.blockLanes)
        }
      }
      guard row < pooled.height else { continue }
      kernels.scatterMaximum(
        .init(
          upperOutput: output.row(2 * row, block: block),
          lowerOutput: output.row(2 * row + 1, block: block),
          input: pooled.row(row, block: block), upper: input.map.row(2 * row, block: block),
          lower: input.map.row(2 * row + 1, block: block), count: pooled.width,
          affine: input.affine.block(block)))
    }
  }
}
