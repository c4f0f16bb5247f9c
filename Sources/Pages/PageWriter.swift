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
  private var isInGallery = false
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
      <nav aria-label="Sections">\(PageSection.links)</nav>
      </header>
      <main>

      """)
  }

  /// Begins the pictures that are made of one photograph.
  ///
  /// - Parameter photograph: The photograph's file, with its name.
  public func begin(_ photograph: PageList.File) throws(Failure) {
    try write(isInGallery ? "</div>\n" : Self.picturesStart)
    let name: HTML = "<bdi>\(photograph.name)</bdi>"
    try write("<h3>\(link(to: photograph.path, name, on: place))</h3>\n\(Self.galleryStart)")
    isInGallery = true
  }

  /// Adds a picture.
  public func append(_ picture: PagePicture) throws(Failure) {
    if !isInGallery { try write("\(Self.picturesStart)\(Self.galleryStart)") }
    isInGallery = true
    count += 1
    if case .failed = picture.outcome { failed.append((count, picture.name)) }
    try write(picture.figure(number: count, on: place))
  }

  /// Ends the page. Nothing may be appended afterwards.
  ///
  /// - Parameters:
  ///   - remarks: The remarks on the pictures as a whole, a sentence each.
  ///   - noun: What the pictures on the page are, by which they are counted; there are no others.
  ///   - lists: What stands beside them.
  ///   - sheets: Contact sheets and the like.
  ///   - statistics: What is plotted, if anything.
  public func finish(
    counting noun: String = "picture", remarks: [String] = [], lists: [PageList] = [],
    sheets: [PageSheet] = [], statistics: PageStatistics? = nil
  ) throws(Failure) {
    if isInGallery {
      try write("</div>\n")
    } else if !remarks.isEmpty {
      try write(Self.picturesStart)
    }
    if isInGallery || !remarks.isEmpty {
      let sentences = [tally(of: noun)] + remarks.map { "\($0)" as HTML }
      try write("<p class=\"tally\">\(sentences, separator: "<br>")</p>\n</section>\n")
    }
    for list in lists where !list.items.isEmpty { try write(list.section(on: place)) }
    for sheet in sheets { try write(sheet.html) }
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

  private static var picturesStart: HTML {
    """
    \(PageSection.pictures.start)
    <label class="switch"><input type="checkbox" id="marks" checked> Rings where a local spike \
    dominates a channel’s statistics</label>

    """
  }

  private static var galleryStart: HTML { "<div class=\"gallery\">\n" }

  /// The number of pictures, and links to those that failed.
  private func tally(of noun: String) -> HTML {
    let links = failed.prefix(12).map { failure -> HTML in
      "<a href=\"#picture-\(failure.number)\"><bdi>\(failure.name)</bdi></a>"
    }
    let rest: HTML = failed.count > links.count ? " and \(failed.count - links.count) more" : ""
    let failures: HTML =
      failed.isEmpty ? "" : ", \(failed.count) failed: \(links, separator: ", ")\(rest)"
    return "\(count) \(noun)\(count == 1 ? "" : "s")\(failures)"
  }

  private func write(_ markup: HTML) throws(Failure) {
    let bytes = Array(markup.text.utf8)
    try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
      try sink(UnsafeRawBufferPointer(bytes))
    }
  }
}
