import Tensors

/// Each worker's memory for the patch of the part it computes, the results that have no other place,
/// and what the algorithm needs.
///
/// It grows to what the largest layer needs and then stays, from picture to picture.
package final class PartMemory {
  private var patches: [AlignedBuffer]
  /// The results, then the workspace.
  private var results: [AlignedBuffer]
  private var spareCount = 0

  package init(workers: Int) {
    patches = (0..<workers).map { _ in AlignedBuffer(count: 0) }
    results = (0..<workers).map { _ in AlignedBuffer(count: 0) }
  }

  /// Makes room for the parts of a layer. No worker may be at work.
  package func reserve(_ tiling: ConvolutionTiling, for algorithm: any ConvolutionAlgorithm) {
    let patch = Self.patchCount(tiling, for: algorithm)
    let result = Self.resultCount(tiling, for: algorithm)
    spareCount = PartTarget.spareCount(tiling, lanes: algorithm.mapLanes)
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
    return algorithm.patchBlocks * algorithm.inputLanes * part.patchRows.count
      * part.patchColumns.count * tiling.patch.phases
  }

  /// Samples of a layer's largest results, and of its algorithm's workspace.
  package static func resultCount(
    _ tiling: ConvolutionTiling, for algorithm: any ConvolutionAlgorithm
  ) -> Int {
    PartTarget.spareCount(tiling, lanes: algorithm.mapLanes) + algorithm.workspaceCount(tiling)
  }

  /// A worker's memory, as `reserve` has laid it out.
  struct Buffers {
    let patch: UnsafeMutablePointer<Float>
    let results: UnsafeMutablePointer<Float>
    let workspace: UnsafeMutablePointer<Float>
  }

  func buffers(of worker: Int) -> Buffers {
    let results = results[worker].start
    return Buffers(
      patch: patches[worker].start, results: results, workspace: results + spareCount)
  }
}
