import ImageFiles
import Layers
import StyleEngine
import StyleModels
import SystemPackage

/// Measures the statistics that `Normalization.batch` normalizes with.
///
/// All pictures are taken as one live batch, so that the result gives each of them what live batch
/// norm of the whole set gives.
///
/// - Complexity: Memory for the pictures' samples, and what is left of the budget for their maps.
public final class Calibration {
  private let bench: Workbench

  /// - Parameters:
  ///   - network: The network whose norms are measured.
  ///   - workers: Threads that compute.
  ///   - memory: Bytes that it may take.
  ///   - scratch: The directory of maps that don't fit; nil for `ScratchDirectory.standard()`.
  public init(network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil) {
    bench = Workbench(network: network, workers: workers, memory: memory, scratch: scratch)
  }

  /// Pictures so far.
  public var count: Int { bench.photographs.count }

  /// Adds a picture, shrunk where a side is longer than `maximumSide`.
  public func add(_ path: FilePath, maximumSide: Int) throws(ImageFileError) {
    try bench.add(path, maximumSide: maximumSide)
  }

  /// `model` with the statistics of the pictures added.
  ///
  /// - Throws: `StyleNetworkError`, `StyleModelError`.
  public func calibrated(_ model: StyleModel, progress: ExecutionProgress) throws -> StyleModel {
    var statistics: [String: (mean: [Float], variance: [Float])] = [:]
    bench.progress = progress
    try bench.run(
      bench.photographs, .batchLive,
      observe: { record in
        // Every picture has been normalized with the same.
        guard record.picture == 0 else { return }
        statistics[record.norm] = (
          mean: record.statistics.map { Float($0.mean) },
          variance: record.statistics.map { Float($0.variance) }
        )
      })
    return try model.storing(batchStatistics: statistics)
  }
}
