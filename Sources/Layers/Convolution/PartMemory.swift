import Tensors

/// Each worker's memory for the patch and the result of the part it computes.
///
/// It grows to what the largest layer needs and then stays, from picture to picture.
package final class PartMemory {
  private var patches: [AlignedBuffer]
  private var results: [AlignedBuffer]

  package init(workers: Int) {
    patches = (0..<workers).map { _ in AlignedBuffer(count: 0) }
    results = (0..<workers).map { _ in AlignedBuffer(count: 0) }
  }

  /// Makes room for the parts of a layer. No worker may be at work.
  package func reserve(_ tiling: ConvolutionTiling, for algorithm: any ConvolutionAlgorithm) {
    let patch = Self.patchCount(tiling, for: algorithm)
    let result = algorithm.workspaceCount(tiling)
    for worker in patches.indices {
      if patches[worker].count < patch { patches[worker] = AlignedBuffer(count: patch) }
      if results[worker].count < result { results[worker] = AlignedBuffer(count: result) }
    }
  }

  /// Samples of a layer's largest patch.
  package static func patchCount(
    _ tiling: ConvolutionTiling, for algorithm: any ConvolutionAlgorithm
  )
    -> Int
  {
    let part = tiling.largestPart
    return algorithm.inputBlocks * algorithm.inputLanes * part.patchRows.count
      * part.patchColumns.count
  }

  package func buffers(of worker: Int)
    -> (patch: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>)
  {
    (patches[worker].start, results[worker].start)
  }
}
