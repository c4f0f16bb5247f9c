import Tensors

/// The way a convolution's samples are computed, part by part. Which one a layer uses depends on
/// the layer alone.
package protocol ConvolutionAlgorithm: Sendable {
  /// Lanes of the input's blocks.
  var inputLanes: Int { get }
  var inputBlocks: Int { get }
  /// Lanes of the output map in use: the layer's outputs, for as many pixels as share a block.
  var outputLanes: Int { get }

  func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling

  /// The input row at a position of the padded input, nil where zeros stand.
  func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int?

  /// Samples that its weights take.
  var weightCount: Int { get }

  /// Puts other weights, `[O, I, K, K]`, in the place of those that it has. No worker may be at work.
  func repack(_ weights: [Float])

  /// Multiplications of matrix products that it takes for a part, or for a whole output.
  func multiplications(rows: Int, columns: Int) -> Int

  /// Samples of memory that a worker needs beside the patch.
  func workspaceCount(_ tiling: ConvolutionTiling) -> Int

  /// Computes a part, pair of output blocks by pair.
  ///
  /// - Parameters:
  ///   - patch: `[input blocks][patch rows][patch columns][lanes]`.
  ///   - bias: `[output blocks][16]`.
  ///   - take: Is handed each block's results, `[rows][columns][16]` at the distance between rows.
  func compute(
    _ part: ConvolutionTiling.Part, patch: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>,
    take: (_ block: Int, _ samples: UnsafePointer<Float>, _ rowStride: Int) -> Void)
}

extension ConvolutionAlgorithm {
  package var outputBlocks: Int { FeatureMap.blockCount(channels: outputLanes) }

  /// Counts the multiplications for a whole output.
  package func multiplications(_ tiling: ConvolutionTiling) -> Int {
    multiplications(rows: tiling.geometry.outputHeight, columns: tiling.outputColumns)
  }
}
