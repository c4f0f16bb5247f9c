/// A part of a page, in the order in which they stand; a page has those for which it has something.
public enum PageSection: String, CaseIterable, Sendable {
  case pictures, failed, slowest, speed, loss, previews, sheet, statistics

  var title: String {
    switch self {
    case .pictures: "Pictures"
    case .failed: "Failed"
    case .slowest: "Slowest"
    case .speed: "Speed"
    case .loss: "Loss"
    case .previews: "Previews"
    case .sheet: "Contact sheet"
    case .statistics: "Statistics"
    }
  }

  /// Its beginning.
  var start: HTML { "<section id=\"\(rawValue)\">\n<h2>\(title)</h2>" }

  /// Links to all, of which the style sheet shows those that the page has.
  static var links: HTML {
    "\(allCases.map { "<a href=\"#\($0.rawValue)\">\($0.title)</a>" as HTML })"
  }

  static var style: HTML {
    let shown = allCases.map { "body:has(#\($0.rawValue)) [href=\"#\($0.rawValue)\"]" as HTML }
    return "\(shown, separator: ",\n") { display: block; }\n"
  }
}
