import BatchStylizer
import ImageFiles
import Pages
import Sheets
import StyleTraining
import SystemFiles
import SystemPackage

/// The page of a training: photographs before and after, the loss over time, and previews in time.
public struct TrainingPage {
  private let file: PageFile

  public init(_ file: PageFile) {
    self.file = file
  }

  /// Writes the page.
  ///
  /// - Throws: `ContactSheetError`, `ImageFileError`, and `AtomicFileError` where it can't be written.
  public func finish(
    _ curves: TrainingCurves, weights: LossWeights, previews: TrainingPreviews?
  ) throws {
    var figure = curves.plot(weights: weights)
    if let previews {
      let thumbnails = PageThumbnails(pictures: previews.results.count)
      let names = DistinctNames(previews.results.map(\.path))
      for result in previews.results {
        file.append(
          PagePicture(
            name: names.name(of: result.path), file: result.path,
            outcome: .painted(
              width: result.width, height: result.height,
              before: try thumbnails.encoded(result.before),
              after: try thumbnails.encoded(result.after))))
      }
      figure = figure.above(try previews.sheet())
    }
    let sheet = PageSheet(
      try PageImage(encoding: figure), alt: "The loss over the iterations, and previews in time")
    if let error = file.finish(sheet: sheet, statistics: nil) { throw error }
  }
}

extension Image {
  /// This picture and another of the same format below it, on white.
  fileprivate func above(_ other: Image) -> Image {
    let width = max(self.width, other.width)
    var bytes: [UInt8] = []
    for image in [self, other] {
      for y in 0..<image.height {
        bytes += image.row(y)
        bytes += [UInt8](
          repeating: 255, count: pixels.bytesPerRow(width: width) - image.bytesPerRow)
      }
    }
    return Image(width: width, height: self.height + other.height, pixels: pixels, bytes: bytes)
  }
}
