import SystemPackage

/// Writes one HTML page that shows a run: pictures before and after, a contact sheet, statistics.
///
/// The page needs nothing but itself: no network, no other file. Pictures go to the sink as they
/// come, so that memory is one picture's. The same values give the same bytes.
///
/// It takes four thirds of the thumbnails' bytes, and of one byte a statistic at most: 38 MB for
/// 500 pictures with thumbnails of 25 kB and three views of the published network's statistics.
///
/// One thread at a time uses it.
public final class PageWriter<Failure: Error> {
  private let place: FilePath
  private let sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  private var count = 0
  /// The numbers and names of pictures that failed.
  private var failed: [(number: Int, name: String)] = []

  /// Begins a page.
  ///
  /// - Parameters:
  ///   - title: The page's, which is also the tab's.
  ///   - command: The command that was run, for people to read.
  ///   - facts: The facts worth saying of the run besides: the style and the norm, for two.
  ///   - place: The page's own path, from which it links to files.
  ///   - sink: Takes the page's bytes in order, `AtomicFile.write` for one.
  /// - Throws: The error that the sink throws, here and below.
  public init(
    title: String, command: String, facts: [(name: String, text: String)] = [],
    at place: FilePath = "", to sink: @escaping (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    self.place = place
    self.sink = sink
    try write(
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <link rel="icon" href="data:,">
      <title>\(title)</title>
      <style>
      \(PageStyle.all)</style>
      </head>
      <body>
      <header>
      <p class="brand">Pastiche</p>
      <h1>\(title)</h1>
      <pre><code>\(command)</code></pre>
      <dl>\(facts.map { "<div><dt>\($0.name)</dt><dd>\($0.text)</dd></div>" as HTML })</dl>
      <nav aria-label="Sections"><a href="#pictures">Pictures</a><a href="#sheet">Contact sheet</a>\
      <a href="#statistics">Statistics</a></nav>
      </header>
      <main>

      """)
  }

  /// Adds a picture.
  public func append(_ picture: PagePicture) throws(Failure) {
    if count == 0 { try write(Self.galleryStart) }
    count += 1
    if case .failed = picture.outcome { failed.append((count, picture.name)) }
    try write(picture.figure(number: count, on: place))
  }

  /// Ends the page. Nothing may be appended afterwards.
  ///
  /// - Parameters:
  ///   - remarks: The remarks on the pictures as a whole, a sentence each.
  ///   - isTallied: Whether the pictures on the page are all that there are, and counted.
  ///   - sheet: The contact sheet, where there is one.
  ///   - statistics: What is plotted, if anything.
  public func finish(
    remarks: [String] = [], isTallied: Bool = true, sheet: PageSheet? = nil,
    statistics: PageStatistics? = nil
  ) throws(Failure) {
    if count == 0, !remarks.isEmpty { try write(Self.galleryStart) }
    if count > 0 || !remarks.isEmpty {
      let sentences = (isTallied ? [tally] : []) + remarks.map { "\($0)" as HTML }
      try write(
        "</div>\n<p class=\"tally\">\(sentences, separator: "<br>")</p>\n</section>\n")
    }
    if let sheet { try write(sheet.section) }
    let statistics = statistics.flatMap { $0.isEmpty ? nil : $0 }
    if let statistics {
      try write(statistics.section)
      for layer in statistics.layers.indices { try write(statistics.block(layer: layer)) }
    }
    try write("</main>\n<script type=\"module\">\n\(PageScript.pictures)</script>\n")
    if statistics != nil {
      try write("<script type=\"module\">\n\(PageScript.statistics)</script>\n")
    }
    try write("</body>\n</html>\n")
  }

  private static var galleryStart: HTML {
    """
    <section id="pictures">
    <h2>Pictures</h2>
    <label class="switch"><input type="checkbox" id="marks" checked> Rings where a local spike \
    dominates a channel’s statistics</label>
    <div class="gallery">

    """
  }

  /// The number of pictures, and links to those that failed.
  private var tally: HTML {
    let links = failed.prefix(12).map { failure -> HTML in
      "<a href=\"#picture-\(failure.number)\"><bdi>\(failure.name)</bdi></a>"
    }
    let rest: HTML = failed.count > links.count ? " and \(failed.count - links.count) more" : ""
    let failures: HTML =
      failed.isEmpty ? "" : ", \(failed.count) failed: \(links, separator: ", ")\(rest)"
    return "\(count) \(count == 1 ? "picture" : "pictures")\(failures)"
  }

  private func write(_ markup: HTML) throws(Failure) {
    let bytes = Array(markup.text.utf8)
    try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
      try sink(UnsafeRawBufferPointer(bytes))
    }
  }
}
