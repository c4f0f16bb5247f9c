import ImageFiles
import StyleModels
import StyleNetwork
import SystemPackage

/// Measures the statistics that `Normalization.batch` normalizes with.
///
/// All pictures are taken as one live batch, so that the result gives each of them what live batch
/// norm of the whole set gives.
///
/// - Complexity: Memory for the feature maps of two neighbouring layers of all pictures.
public final class Calibration {
  private let execution: NetworkExecution
  private var images: [Image] = []

  public init(network: StyleNetwork, workers: Int) {
    execution = NetworkExecution(network, workers: workers)
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
    images.append(try Image(reading: resized))
  }

  /// `model` with the statistics of the pictures added.
  ///
  /// - Throws: `StyleNetworkError.cancelled`, `StyleModelError`.
  public func calibrated(_ model: StyleModel, progress: ExecutionProgress) throws -> StyleModel {
    var statistics: [String: (mean: [Float], variance: [Float])] = [:]
    let pictures = images.map { image in
      Picture(
        width: image.width, height: image.height,
        readRow: { y, row in image.readColors(ofRow: y, into: row) },
        writeRow: { _, _ in })
    }
    try execution.run(pictures, normalization: .batchLive, progress: progress) { record in
      // Every picture has been normalized with the same.
      guard record.picture == 0 else { return }
      statistics[record.norm] = (
        mean: record.statistics.map { Float($0.mean) },
        variance: record.statistics.map { Float($0.variance) }
      )
    }
    return try model.storing(batchStatistics: statistics)
  }
}
