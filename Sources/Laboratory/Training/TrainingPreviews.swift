import BatchStylizer
import ImageFiles
import Layers
import Sheets
import StyleEngine
import StyleModels
import SystemPackage

/// Photographs painted again and again while a style is trained, as a sheet: a row each, a column for
/// every time.
///
/// One thread at a time uses it.
public final class TrainingPreviews {
  private var photographs: [(path: FilePath, photograph: StylePreview.Photograph, before: Image)] =
    []
  private var columns: [(iteration: Int, paintings: [Image])] = []
  private let workers: Int
  /// What reads photographs.
  private let reader: StylePreview

  /// The width of each picture on the sheet.
  private static let cellWidth = 240
  /// The most columns; of more every second one is kept, again and again.
  private static let columnLimit = 8

  /// - Parameters:
  ///   - model: A style of the network that is trained.
  ///   - workers: Threads that compute.
  public init(model: StyleModel, workers: Int) throws {
    self.workers = workers
    reader = try Self.preview(model, workers)
  }

  /// Adds a photograph, before any is painted.
  public func add(photograph path: FilePath) throws(ImageFileError) {
    let photograph = try reader.photograph(path)
    let before = try reader.thumbnail(photograph, width: Self.cellWidth)
    photographs.append((path, photograph, before))
  }

  private static func preview(_ model: StyleModel, _ workers: Int) throws -> StylePreview {
    let network = try StyleNetwork(model)
    return StylePreview(
      [
        .init(
          network, model.parameters,
          stylization: Stylization(
            normalization: network.normalization, brush: Brush(model.advice)))
      ], workers: workers)
  }

  /// Paints the photographs with a style as it is after so many iterations.
  public func add(_ model: StyleModel, iteration: Int, progress: ExecutionProgress) throws {
    let preview = try Self.preview(model, workers)
    let paintings = try photographs.map {
      try preview.painting($0.photograph, style: 0, width: Self.cellWidth, progress: progress)
    }
    columns.append((iteration, paintings))
    guard columns.count > Self.columnLimit else { return }
    let last = columns.count - 1
    columns = columns.enumerated().filter { $0.offset.isMultiple(of: 2) || $0.offset == last }
      .map(\.element)
  }

  /// Draws the sheet.
  ///
  /// - Throws: `ContactSheetError`.
  public func sheet() throws -> Image {
    var sheet = ContactSheet(cellWidth: Self.cellWidth)
    sheet.headings = ["the photograph"] + columns.map { "\($0.iteration) iterations" }
    for (row, photograph) in photographs.enumerated() {
      sheet.rows.append(
        ContactSheet.Row(
          cells: [.picture(photograph.before)] + columns.map { .picture($0.paintings[row]) }))
    }
    return try sheet.render()
  }

  /// Each photograph and the last painting of it.
  public var results: [(path: FilePath, width: Int, height: Int, before: Image, after: Image)] {
    guard let last = columns.last else { return [] }
    return zip(photographs, last.paintings).map {
      ($0.path, $0.photograph.width, $0.photograph.height, $0.before, $1)
    }
  }
}
