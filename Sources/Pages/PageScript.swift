/// The page's own programs. They read names from the document and write text only, so that no name
/// becomes markup there either.
enum PageScript {
  /// Sliders, the enlarged sheet.
  static let pictures = HTML(verbatim: PackageResources.pictures_js)

  /// The plots: what `PageStatistics.encoded(layer:)` made, how it is drawn, what is chosen.
  static let statistics = HTML(
    verbatim: PackageResources.numbers_js, PackageResources.drawing_js, PackageResources.plots_js)
}
