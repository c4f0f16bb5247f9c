import CKernelArguments
import StyleModels
import Tensors

/// A convolution by its definition: each output is a sum over the window that it sees.
///
/// Where several pixels share a block, as for the last layer's three outputs, the kernel is as much
/// wider and the stride as much longer (`WeightPacking`).
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
  package var outputLanes: Int { packing.outputLanes }
  private var columnStride: Int { convolution.stride * packing.columnsPerBlock }

  package func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int? {
    geometry.inputRow(at: position)
  }

  package func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    let size = convolution.kernelSize
    let rows = (ConvolutionGeometry.stripHeight - 1) * convolution.stride + size
    let samplesPerColumn = inputBlocks * inputLanes * rows
    let columns = (Self.patchSamples / samplesPerColumn - packing.kernelWidth) / columnStride + 1
    let once = Self.pixelsAtOnce
    return ConvolutionTiling(
      geometry, outputColumns: (geometry.outputWidth - 1) / packing.columnsPerBlock + 1,
      multiplicationsPerColumn: size * size * convolution.inputChannels * outputLanes,
      rowWindows: .init(unit: 1, step: convolution.stride, reach: size),
      columnWindows: .init(unit: 1, step: columnStride, reach: packing.kernelWidth),
      columnsAtOnce: once, tileWidth: max(once, columns / once * once),
      column: geometry.inputColumn)
  }

  package var weightCount: Int { weights.count }

  package func multiplications(rows: Int, columns: Int) -> Int {
    rows * columns * convolution.kernelSize * packing.kernelWidth * convolution.inputChannels
      * outputLanes
  }

  package func workspaceCount(_ tiling: ConvolutionTiling) -> Int {
    2 * FeatureMap.blockLanes * ConvolutionGeometry.stripHeight
      * tiling.largestPart.computedColumns.count
  }

  package func compute(
    _ part: ConvolutionTiling.Part, patch: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>,
    take: (_ block: Int, _ samples: UnsafePointer<Float>, _ rowStride: Int) -> Void
  ) {
    let lanes = FeatureMap.blockLanes
    let size = convolution.kernelSize
    let columns = part.computedColumns.count
    let patchRowStride = part.patchColumns.count * inputLanes
    let patchBlockStride = part.patchRows.count * patchRowStride
    let rowStride = columns * lanes
    let blockStride = part.rows.count * rowStride
    var weights = weights.start
    for first in stride(from: 0, to: outputBlocks, by: 2) {
      let pair = min(2, outputBlocks - first)
      for block in 0..<inputBlocks {
        let channels = packing.inputChannels(inBlock: block)
        for row in 0..<part.rows.count {
          kernels.convolveRow(
            .init(
              output: workspace + row * rowStride, outputBlockStride: blockStride, blocks: pair,
              pixels: columns, bias: block == 0 ? bias + first * lanes : nil,
              input: patch + block * patchBlockStride + row * convolution.stride * patchRowStride,
              inputRowStride: patchRowStride, inputColumnStride: inputLanes,
              inputPixelStride: columnStride * inputLanes, weights: weights, kernelHeight: size,
              kernelWidth: packing.kernelWidth, channels: channels))
        }
        weights += size * packing.kernelWidth * channels * pair * lanes
      }
      for block in 0..<pair { take(first + block, workspace + block * blockStride, rowStride) }
    }
  }
}
