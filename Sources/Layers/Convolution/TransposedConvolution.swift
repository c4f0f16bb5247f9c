import CKernelArguments
import StyleModels
import Tensors

/// A transposed convolution: `y[o][s·i + u − p] = bias[o] + Σ w[o][c][u] · x[c][i]` in each
/// direction, zeros standing for what lies beyond the input.
///
/// Outputs whose position has one remainder modulo the stride s see the same taps: u = a, a + s, …,
/// so that each of the s·s phases is a convolution of its own with a kernel of a quarter of the taps
/// (for stride 2), which `convolveRow` does; its results are put between the others'.
struct TransposedConvolution: ConvolutionAlgorithm {
  /// Samples of a patch, with which its weights and results stay within a second-level cache of 1 MB.
  private static let patchSamples = 48 * 1024
  /// Pixels that kernels compute at a time.
  private static let pixelsAtOnce = 8

  private let layer: LayerDescription
  private let kernels: KernelSet
  /// The weights of all pairs of output blocks, for every pair of phases, row-major.
  private let phases: [Phase]

  /// The outputs of one remainder in each direction.
  private struct Phase {
    /// `[pairs][input blocks][taps down][taps across][channels][16 or 32]`, the last tap first, as
    /// taps go the other way than samples.
    let weights: AlignedBuffer
    let down: Taps
    let across: Taps
  }

  /// The taps that outputs of one remainder are made of in one direction.
  private struct Taps {
    let count: Int
    /// Positions from the first of a unit's window to the first that these see.
    let offset: Int

    /// - Parameters:
    ///   - place: The output's within a unit of `stride`.
    init(_ convolution: LayerDescription.Convolution, before: Int, place: Int) {
      let (stride, size) = (convolution.stride, convolution.kernelSize)
      let shifted = before % stride + place
      first = shifted % stride
      count = (size - first + stride - 1) / stride
      offset = shifted / stride + (size + stride - 1) / stride - count
    }

    /// The tap that the last sample is multiplied with; the one before is multiplied with the tap a
    /// stride further.
    let first: Int
  }

  init(_ layer: LayerDescription, weights: [Float], kernels: KernelSet) {
    self.layer = layer
    self.kernels = kernels
    let convolution = layer.convolution
    var phases: [Phase] = []
    for row in 0..<convolution.stride {
      let down = Taps(convolution, before: layer.padding.top, place: row)
      for column in 0..<convolution.stride {
        let across = Taps(convolution, before: layer.padding.left, place: column)
        phases.append(
          Phase(
            weights: Self.packed(weights, convolution, down, across), down: down, across: across))
      }
    }
    self.phases = phases
  }

  func repack(_ weights: [Float]) {
    for phase in phases {
      let packed = Self.packed(weights, layer.convolution, phase.down, phase.across)
      phase.weights.start.update(from: packed.start, count: packed.count)
    }
  }

  private static func packed(
    _ weights: [Float], _ convolution: LayerDescription.Convolution, _ down: Taps, _ across: Taps
  ) -> AlignedBuffer {
    let lanes = FeatureMap.blockLanes
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    let (size, step) = (convolution.kernelSize, convolution.stride)
    let outputBlocks = FeatureMap.blockCount(channels: outputs)
    var packed: [Float] = []
    packed.reserveCapacity(outputBlocks * lanes * inputs * down.count * across.count)
    for first in stride(from: 0, to: outputBlocks, by: 2) {
      let pair = first * lanes..<min(first + 2, outputBlocks) * lanes
      for block in stride(from: 0, to: inputs, by: lanes) {
        for i in (0..<down.count).reversed() {
          for j in (0..<across.count).reversed() {
            let tap = (down.first + i * step) * size + across.first + j * step
            for input in block..<min(block + lanes, inputs) {
              for output in pair {
                packed.append(
                  output < outputs ? weights[(output * inputs + input) * size * size + tap] : 0)
              }
            }
          }
        }
      }
    }
    return AlignedBuffer(packed)
  }

  let inputLanes = FeatureMap.blockLanes
  var inputBlocks: Int { FeatureMap.blockCount(channels: layer.convolution.inputChannels) }
  var outputLanes: Int { layer.convolution.outputChannels }
  var weightCount: Int { phases.reduce(0) { $0 + $1.weights.count } }
  private var step: Int { layer.convolution.stride }

  func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int? {
    geometry.inputRow(at: position)
  }

  func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    let convolution = layer.convolution
    let rows = geometry.rowWindows.positions(of: 0..<ConvolutionGeometry.stripHeight)
    // Each phase makes the kernels' number of pixels at a time.
    let once = Self.pixelsAtOnce * step
    let columns = Self.patchSamples / (inputBlocks * inputLanes * rows.count) * step
    return ConvolutionTiling(
      geometry, outputColumns: geometry.outputWidth,
      multiplicationsPerColumn: convolution.weightCount / (step * step),
      rowWindows: geometry.rowWindows, columnWindows: geometry.columnWindows, columnsAtOnce: once,
      tileWidth: max(once, columns / once * once), column: geometry.inputColumn)
  }

  func multiplications(rows: Int, columns: Int) -> Int {
    // Of each remainder so many outputs.
    func outputs(_ side: Int, _ place: Int) -> Int { (side - place + step - 1) / step }
    return phases.enumerated().reduce(0) { sum, phase in
      let (row, column) = phase.offset.quotientAndRemainder(dividingBy: step)
      return sum + outputs(rows, row) * outputs(columns, column) * phase.element.down.count
        * phase.element.across.count
    } * layer.convolution.inputChannels * layer.convolution.outputChannels
  }

  func workspaceCount(_ tiling: ConvolutionTiling) -> Int {
    2 * FeatureMap.blockLanes * tiling.largestPart.computedColumns.count / step
  }

  func compute(
    _ part: ConvolutionTiling.Part, from source: PartSource, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, into target: PartTarget
  ) {
    let patch = source.gather(0..<inputBlocks)
    let lanes = FeatureMap.blockLanes
    let columns = part.computedColumns.count
    for first in stride(from: 0, to: outputBlocks, by: 2) {
      let pair = min(2, outputBlocks - first)
      let place = target.place(ofPairAt: first)
      for row in 0..<part.rows.count {
        for column in 0..<step {
          let phase = phases[row % step * step + column]
          convolve(
            phase, part, unit: row / step, first: first, pair, patch: patch,
            bias: bias + first * lanes, into: workspace)
          // Between those of the other phases.
          for block in 0..<pair {
            let source = UnsafeRawPointer(workspace + block * columns / step * lanes)
              .assumingMemoryBound(to: SIMD16<Float>.self)
            let target = UnsafeMutableRawPointer(
              place.start + block * place.blockStride + row * place.rowStride + column * lanes
            ).assumingMemoryBound(to: SIMD16<Float>.self)
            for pixel in 0..<columns / step { target[pixel * step] = source[pixel] }
          }
        }
      }
      target.finish(first..<first + pair)
    }
  }

  /// One row of a phase's outputs for a pair of output blocks, `[blocks][columns / step][16]`.
  private func convolve(
    _ phase: Phase, _ part: ConvolutionTiling.Part, unit: Int, first: Int, _ pair: Int,
    patch: UnsafePointer<Float>, bias: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureMap.blockLanes
    let pixels = part.computedColumns.count / step
    let patchRowStride = part.patchColumns.count * lanes
    let taps = phase.down.count * phase.across.count
    // All pairs before this one are of two blocks.
    var weights = phase.weights.start + first * lanes * taps * layer.convolution.inputChannels
    for block in 0..<inputBlocks {
      let channels = min(lanes, layer.convolution.inputChannels - block * lanes)
      let input =
        patch + (block * part.patchRows.count + unit + phase.down.offset) * patchRowStride
        + phase.across.offset * lanes
      kernels.convolveRow(
        .init(
          output: row, outputBlockStride: pixels * lanes, blocks: pair, pixels: pixels,
          bias: block == 0 ? bias : nil, input: input, inputRowStride: patchRowStride,
          inputColumnStride: lanes, inputPixelStride: lanes, weights: weights,
          weightStride: pair * lanes, weightBlockStride: lanes, kernelHeight: phase.down.count,
          kernelWidth: phase.across.count, channels: channels))
      weights += taps * channels * pair * lanes
    }
  }
}
