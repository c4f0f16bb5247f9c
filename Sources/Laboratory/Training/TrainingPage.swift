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
    var sheets = [
      PageSheet(
        try PageImage(encoding: curves.plot(weights: weights)), as: .loss,
        alt: "The loss over the iterations")
    ]
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
      sheets.append(
        PageSheet(
          try PageImage(encoding: previews.sheet()), as: .previews, alt: "Previews in time"))
    }
    if let error = file.finish(sheets: sheets) { throw error }
  }
}
