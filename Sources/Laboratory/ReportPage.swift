import BatchStylizer
import ImageFiles
import Pages
import Sheets
import SystemFiles

/// The page of a manifest's summary: what failed, what took long, how fast it went from beginning to
/// end.
public struct ReportPage {
  private let file: PageFile

  public init(_ file: PageFile) {
    self.file = file
  }

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - summary: What the manifests say.
  ///   - duration: Words for a time in seconds.
  /// - Throws: `ImageFileError`, and `AtomicFileError` where it can't be written.
  public func finish(_ summary: ManifestSummary, duration: (Double) -> String) throws {
    let failed = summary.reasons.prefix(Self.maximumReasons).map { reason in
      PageList.Item(
        "\(reason.sentence)\(reason.pictures > reason.examples.count ? "; for example" : ":")",
        reason.examples.map { PageList.File($0, name: $0.printable) })
    }
    let slowest = summary.slowest.map { item in
      PageList.Item(
        duration(item.seconds), [PageList.File(item.output, name: item.output.printable)])
    }
    let lists = [PageList(.failed, failed), PageList(.slowest, slowest)]
    let error = file.finish(
      lists: lists, sheets: try speed(summary, duration: duration).map { [$0] } ?? [])
    if let error { throw error }
  }

  private static let maximumReasons = 20

  /// The plot of pictures a minute over time; nil where there are too few for one.
  private func speed(
    _ summary: ManifestSummary, duration: (Double) -> String
  ) throws(ImageFileError) -> PageSheet? {
    let parts = summary.timeline.count
    guard summary.done >= parts, summary.span > 0 else { return nil }
    let minutes = summary.span / 60 / Double(parts)
    let tick = Self.ticks.first { summary.span / $0 <= 6 } ?? summary.span / 6
    var columns = [String](repeating: "", count: parts)
    for number in 0...Int(summary.span / tick) {
      let time = Double(number) * tick
      let part = min(Int(time / summary.span * Double(parts)), parts - 1)
      columns[part] = time < 60 ? "\(Int(time)) s" : duration(time)
    }
    let plot = Plot(
      title: "Pictures a minute", columns: columns, columnTitle: "time since the beginning",
      valueTitle: "pictures a minute, on a logarithmic scale",
      lines: [
        Plot.Line(
          color: Plot.blue, width: 3, values: summary.timeline.map { Double($0) / minutes })
      ])
    return PageSheet(
      try PageImage(encoding: plot.render()), as: .speed,
      alt: "Pictures a minute, from beginning to end")
  }

  /// Seconds from one label to the next.
  private static let ticks: [Double] = [
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400,
  ]
}
