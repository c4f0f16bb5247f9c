import Tensors

/// The way a convolution's samples are computed, part by part. Which one a layer uses depends on
/// the layer alone.
package protocol ConvolutionAlgorithm: Sendable {
  /// Lanes of the input's blocks.
  var inputLanes: Int { get }
  var inputBlocks: Int { get }
  /// Blocks of the input that it gathers at a time.
  var patchBlocks: Int { get }
  /// Whether a patch's channels lie by themselves, `[blocks][rows][16][columns]`, rather than
  /// side by side, `[blocks][rows][columns][lanes]`.
  var gathersPlanes: Bool { get }
  /// Lanes of the output map in use: the layer's outputs.
  var outputLanes: Int { get }
  /// Lanes of the output map's blocks: `FeatureMap.pixelLanes` where it is the picture's pixels.
  var mapLanes: Int { get }

  func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling

  /// The input row at a position of the padded input, nil where zeros stand.
  func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int?

  /// Samples that its weights take.
  var weightCount: Int { get }

  /// Puts other weights, `[O, I, K, K]`, in the place of those that it has. No worker may be at work.
  func repack(_ weights: [Float])

  /// Multiplications of matrix products that it takes for a part, or for a whole output.
  func multiplications(rows: Int, columns: Int) -> Int

  /// Samples of memory that a worker needs beside the patch and the results.
  func workspaceCount(_ tiling: ConvolutionTiling) -> Int

  /// Computes a part, pair of output blocks by pair.
  ///
  /// - Parameters:
  ///   - source: Gathers what the part is made of.
  ///   - bias: `[output blocks][16]`.
  ///   - target: The results' place; is told of each pair of blocks that is done.
  func compute(
    _ part: ConvolutionTiling.Part, from source: PartSource, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, into target: PartTarget)
}

extension ConvolutionAlgorithm {
  package var patchBlocks: Int { inputBlocks }
  package var gathersPlanes: Bool { false }
  package var mapLanes: Int { FeatureMap.blockLanes }

  package var outputBlocks: Int { FeatureMap.blockCount(channels: outputLanes) }

  /// Counts the multiplications for a whole output.
  package func multiplications(_ tiling: ConvolutionTiling) -> Int {
    multiplications(rows: tiling.geometry.outputHeight, columns: tiling.outputColumns)
  }
}
