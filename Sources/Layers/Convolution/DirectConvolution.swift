import CKernelArguments
import StyleModels
import Tensors

/// A convolution by its definition: each output is a sum over the window that it sees.
package struct DirectConvolution: ConvolutionAlgorithm {
  /// Samples of a patch: with its weights and results it stays within a second-level cache of 1 MB.
  private static let patchSamples = 96 * 1024
  /// Pixels that kernels compute at a time.
  private static let pixelsAtOnce = 8

  private let convolution: LayerDescription.Convolution
  private let packing: WeightPacking
  private let kernels: KernelSet
  private let weights: AlignedBuffer

  package init(
    _ convolution: LayerDescription.Convolution, packing: WeightPacking, weights: [Float],
    kernels: KernelSet
  ) {
    self.convolution = convolution
    self.packing = packing
    self.kernels = kernels
    self.weights = packing.packed(weights: weights)
  }

  package func repack(_ weights: [Float]) { packing.pack(weights, into: self.weights) }

  package var inputLanes: Int { packing.inputLanes }
  package var inputBlocks: Int { packing.inputBlocks }
  package var outputLanes: Int { convolution.outputChannels }

  package func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int? {
    geometry.inputRow(at: position)
  }

  package func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    let size = convolution.kernelSize
    let rows = (ConvolutionGeometry.stripHeight - 1) * convolution.stride + size
    let samplesPerColumn = inputBlocks * inputLanes * rows
    let columns = (Self.patchSamples / samplesPerColumn - size) / convolution.stride + 1
    let once = Self.pixelsAtOnce
    return ConvolutionTiling(
      geometry, outputColumns: geometry.outputWidth,
      multiplicationsPerColumn: size * size * convolution.inputChannels * outputLanes,
      rowWindows: .init(unit: 1, step: convolution.stride, reach: size),
      columnWindows: .init(unit: 1, step: convolution.stride, reach: size),
      columnsAtOnce: once, tileWidth: max(once, columns / once * once),
      column: geometry.inputColumn)
  }

  package var weightCount: Int { weights.count }

  package func multiplications(rows: Int, columns: Int) -> Int {
    rows * columns * convolution.weightCount
  }

  package func workspaceCount(_ tiling: ConvolutionTiling) -> Int { 0 }

  package func compute(
    _ part: ConvolutionTiling.Part, from source: PartSource, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, into target: PartTarget
  ) {
    let patch = source.gather(0..<inputBlocks)
    let lanes = FeatureMap.blockLanes
    let size = convolution.kernelSize
    let columns = part.computedColumns.count
    let patchRowStride = part.patchColumns.count * inputLanes
    let patchBlockStride = part.patchRows.count * patchRowStride
    var weights = weights.start
    for first in stride(from: 0, to: outputBlocks, by: 2) {
      let pair = min(2, outputBlocks - first)
      let place = target.place(ofPairAt: first)
      for block in 0..<inputBlocks {
        let channels = packing.inputChannels(inBlock: block)
        for row in 0..<part.rows.count {
          kernels.convolveRow(
            .init(
              output: place.start + row * place.rowStride,
              outputBlockStride: place.blockStride, blocks: pair, pixels: columns,
              bias: block == 0 ? bias + first * lanes : nil,
              input: patch + block * patchBlockStride + row * convolution.stride * patchRowStride,
              inputRowStride: patchRowStride, inputColumnStride: inputLanes,
              inputPixelStride: convolution.stride * inputLanes, weights: weights,
              weightStride: pair * lanes, weightBlockStride: lanes, kernelHeight: size,
              kernelWidth: size, channels: channels))
        }
        weights += size * size * channels * pair * lanes
      }
      target.finish(first..<first + pair)
    }
  }
}
