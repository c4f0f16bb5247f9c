import BatchStylizer
import ImageFiles
import Layers
import Pages
import Sheets
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// The page of a study: its pictures as they come, a sheet, and their statistics.
public struct StudyPage {
  private let file: PageFile
  private let names: DistinctNames
  private let thumbnails: PageThumbnails
  private let reason: (ItemError) -> String
  private var statistics: StatisticsCollection

  /// The wishes for each picture.
  public var wishes: Study.Wishes {
    var wishes = Study.Wishes()
    wishes.thumbnailWidth = thumbnails.side
    wishes.spikes = true
    return wishes
  }

  /// Marks on a picture: more would hide it.
  private static let maximumMarks = 12

  /// - Parameters:
  ///   - file: The page's file, begun.
  ///   - inputs: The pictures' paths, by which they are told apart.
  ///   - pictures: How many entries there will be: the more, the smaller.
  ///   - network: The network that is looked into.
  ///   - norm: The norm that it runs under.
  ///   - reason: The words for why a picture failed.
  public init(
    _ file: PageFile, of inputs: [FilePath], pictures: Int, _ network: StyleNetwork, _ norm: Norm,
    reason: @escaping (ItemError) -> String
  ) {
    self.file = file
    self.reason = reason
    names = DistinctNames(inputs)
    thumbnails = PageThumbnails(pictures: pictures)
    statistics = StatisticsCollection(
      norm: norm.rawValue, stored: network.parameters.storedStatistics,
      epsilon: network.epsilon)
  }

  /// Adds a picture, or says why there is none.
  ///
  /// - Parameters:
  ///   - finding: What was found, or the failure.
  ///   - path: The picture's file.
  ///   - contrast: The contrast, which is said where there are several.
  public mutating func append(
    _ finding: Result<Study.Finding, ItemError>, _ path: FilePath, contrast: Float? = nil
  ) {
    let name =
      names.name(of: path) + (contrast.map { ", contrast \(Table.shortest($0))" } ?? "")
    do throws(ItemError) {
      let finding = try finding.get()
      statistics.append(finding.statistics, name: name)
      guard let outcome = try painted(finding) else { return }
      file.append(PagePicture(name: name, file: path, outcome: outcome))
    } catch {
      file.append(
        PagePicture(name: name, file: path, outcome: .failed(reason: reason(error))))
    }
  }

  /// Encodes a picture before and after; nil where it wasn't to be seen.
  private func painted(_ finding: Study.Finding) throws(ItemError) -> PagePicture.Outcome? {
    guard let before = finding.before, let after = finding.after else { return nil }
    do throws(ImageFileError) {
      return .painted(
        width: finding.width, height: finding.height, before: try thumbnails.encoded(before),
        after: try thumbnails.encoded(after),
        marks: finding.spikes.sorted { $0.share > $1.share }.prefix(Self.maximumMarks).map(mark))
    } catch {
      throw .image(error)
    }
  }

  private func mark(_ spike: Spike) -> PageMark {
    PageMark(
      x: spike.x, y: spike.y, radius: 0.03, layer: spike.layer, channel: spike.channel,
      share: spike.share)
  }

  /// Gives the file its name.
  ///
  /// - Throws: `AtomicFileError` where it couldn't be written.
  public func finish(sheet: PageSheet? = nil) throws(AtomicFileError) {
    if let error = file.finish(
      sheets: sheet.map { [$0] } ?? [], statistics: statistics.statistics)
    {
      throw error
    }
  }
}
