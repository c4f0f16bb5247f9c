import BatchStylizer
import ImageFiles
import Laboratory
import Pages
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// The page of a study: its pictures as they come, a sheet, and their statistics.
struct StudyPage {
  private let file: PageFile
  private let names: PageNames
  private let thumbnails: PageThumbnails
  private var statistics: StatisticsCollection

  /// What is wanted of each picture.
  var wishes: Study.Wishes {
    var wishes = Study.Wishes()
    wishes.thumbnailWidth = thumbnails.side
    wishes.spikes = true
    return wishes
  }

  /// Marks on a picture: more would hide it.
  private static let maximumMarks = 12

  init(
    _ file: PageFile, of inputs: [FilePath], pictures: Int, _ network: StyleNetwork,
    _ choice: NormOptions.Choice
  ) {
    self.file = file
    names = PageNames(inputs)
    thumbnails = PageThumbnails(pictures: pictures)
    statistics = StatisticsCollection(
      norm: choice.normName, stored: network.storedStatistics,
      epsilon: network.epsilon)
  }

  /// - Parameter contrast: Said where there are several.
  mutating func append(
    _ finding: Result<Study.Finding, ItemError>, _ path: FilePath, contrast: Float? = nil
  ) {
    let name =
      names.name(of: path) + (contrast.map { ", contrast \(shortest($0))" } ?? "")
    let outcome: PagePicture.Outcome
    do {
      let finding = try finding.get()
      statistics.append(finding.statistics, name: name)
      guard let before = finding.before, let after = finding.after else { return }
      outcome = .painted(
        width: finding.width, height: finding.height, before: try thumbnails.encoded(before),
        after: try thumbnails.encoded(after),
        marks: finding.spikes.sorted { $0.share > $1.share }.prefix(Self.maximumMarks).map(mark))
    } catch {
      outcome = .failed(reason: message(of: error))
    }
    file.append(PagePicture(name: name, outcome: outcome))
  }

  private func mark(_ spike: Spike) -> PageMark {
    PageMark(
      x: spike.x, y: spike.y, radius: 0.03, layer: spike.layer, channel: spike.channel,
      share: spike.share)
  }

  /// Gives the file its name.
  ///
  /// - Throws: `Refusal` where it couldn't be written.
  func finish(sheet: Image? = nil, alt: String = "") throws(Refusal) {
    var page: PageSheet?
    if let sheet {
      do throws(ImageFileError) {
        page = PageSheet(try PageImage(encoding: sheet, quality: 85), alt: alt)
      } catch {
        throw Refusal("the page's sheet: \(error.message)")
      }
    }
    if let error = file.finish(sheet: page, statistics: statistics.statistics) {
      throw Refusal(error)
    }
  }
}
