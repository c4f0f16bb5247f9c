/// The page's looks.
enum PageStyle {
  static let all: HTML = "\(page)\(PageSection.style)\(gallery)\(statistics)"

  /// Colours, type, the page's head, the sheet.
  private static let page = HTML(verbatim: PackageResources.page_css)

  /// Pictures in rows of about one height, each with its slider.
  private static let gallery = HTML(verbatim: PackageResources.gallery_css)

  /// Plots, what chooses them, and the table.
  private static let statistics = HTML(verbatim: PackageResources.statistics_css)
}
