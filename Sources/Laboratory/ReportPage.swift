import BatchStylizer
import ImageFiles
import Pages
import Sheets
import SystemFiles

/// The page of a manifest's summary: how fast it went from beginning to end, what failed, what took
/// long.
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
    let parts = summary.timeline.count
    let minutes = summary.span / 60 / Double(parts)
    let plot = Plot(
      title: "Pictures a minute",
      columns: (0..<parts).map { part in
        part % 8 == 0 ? duration(summary.span * Double(part) / Double(parts)) : ""
      },
      columnTitle: "time since the beginning", valueTitle: "pictures a minute",
      lines: [
        Plot.Line(
          color: Plot.blue, width: 3,
          values: summary.timeline.map { minutes > 0 ? Double($0) / minutes : 0 })
      ])
    var remarks = summary.reasons.prefix(20).map { reason in
      "\(reason.count) failed: \(reason.text) "
        + "(\(reason.examples.map(\.printable).joined(separator: ", "))"
        + "\(reason.count > reason.examples.count ? ", …" : ""))"
    }
    remarks += summary.slowest.map { "\(duration($0.seconds)) for \($0.input.printable)" }
    let sheet = PageSheet(
      try PageImage(encoding: plot.render()), alt: "Pictures a minute, from beginning to end")
    let error = file.finish(remarks: remarks, isTallied: false, sheet: sheet, statistics: nil)
    if let error { throw error }
  }
}
