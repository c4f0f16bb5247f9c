import ImageFiles
import ScratchFiles
import StyleModels
import StyleNetwork
import SystemPackage

/// Measures the statistics that `Normalization.batch` normalizes with.
///
/// All pictures are taken as one live batch, so that the result gives each of them what live batch
/// norm of the whole set gives.
///
/// - Complexity: Memory for the pictures' samples, and what is left of the budget for their maps.
public final class Calibration {
  private let execution: NetworkExecution
  private let memory: Int
  private let scratch: FilePath?
  private var images: [StoredImage] = []

  /// - Parameters:
  ///   - memory: Bytes that it may take.
  ///   - scratch: Where maps go that don't fit; nil for `ScratchDirectory.standard()`.
  public init(network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil) {
    execution = NetworkExecution(
      network, workers: network.workers(atMost: workers, memory: memory))
    self.memory = memory
    self.scratch = scratch
  }

  /// Pictures so far.
  public var count: Int { images.count }

  /// Adds a picture, shrunk where a side is longer than `maximumSide`.
  public func add(_ path: FilePath, maximumSide: Int) throws(ImageFileError) {
    let source = try ImageFile.open(path)
    let (width, height) = ResizedRows.size(
      width: source.info.width, height: source.info.height, maximumSide: maximumSide)
    let isSmaller = width < source.info.width || height < source.info.height
    let resized = isSmaller ? ResizedRows(source, width: width, height: height) : source
    let image = try StoredImage(
      width: width, height: height, pixels: source.info.pixels, replacedBy: source.info.pixels)
    _ = try resized.store(in: image) { _ in false }
    images.append(image)
  }

  /// `model` with the statistics of the pictures added.
  ///
  /// - Throws: `StyleNetworkError`, `StyleModelError`.
  public func calibrated(_ model: StyleModel, progress: ExecutionProgress) throws -> StyleModel {
    var statistics: [String: (mean: [Float], variance: [Float])] = [:]
    let plan = try execution.network.plan(
      ExecutionPlan.Job(
        sizes: images.map { ExecutionPlan.Job.Size(width: $0.width, height: $0.height) }),
      memory: memory - images.reduce(0) { $0 + $1.height * $1.bytesPerRow })
    try execution.run(
      images.map(\.picture), plan: plan, scratch: scratchFile(plan.scratchBytes),
      normalization: .batchLive, progress: progress
    ) { record in
      // Every picture has been normalized with the same.
      guard record.picture == 0 else { return }
      statistics[record.norm] = (
        mean: record.statistics.map { Float($0.mean) },
        variance: record.statistics.map { Float($0.variance) }
      )
    }
    return try model.storing(batchStatistics: statistics)
  }

  private func scratchFile(_ byteCount: Int) throws(StyleNetworkError) -> ScratchFile? {
    do throws(ScratchFileError) { return try .reserve(byteCount, in: scratch) } catch {
      throw .scratch(error)
    }
  }
}

extension StoredImage {
  /// As the network sees it; what comes out is not looked at.
  fileprivate var picture: Picture {
    var bytes = [UInt8](repeating: 0, count: bytesPerRow)
    return Picture(
      width: width, height: height,
      readRow: { y, row in
        try self.readRow(y, into: &bytes)
        bytes.withUnsafeBytes { self.pixels.readColors(of: $0, into: row) }
      },
      writeRow: { _, _ in })
  }
}
