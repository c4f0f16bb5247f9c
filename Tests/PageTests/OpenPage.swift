import Pages
import TestSupport
import Testing

/// A page written to a file and opened in a browser.
struct OpenPage {
  let browser: Browser
  private let folder: TemporaryFolder

  init(
    title: String = "Some pictures", width: Int = 1280,
    write: (PageWriter<Never>) throws -> Void
  ) throws {
    var bytes: [UInt8] = []
    let writer = PageWriter(title: title, command: "pastiche photos -o painted/") { bytes += $0 }
    try write(writer)
    folder = try TemporaryFolder()
    try folder.file("page.html", holding: bytes)
    browser = try Browser(width: width)
    try browser.open(folder["page.html"])
  }

  /// Nothing went wrong in the page, and it asked for nothing but itself.
  func expectNoComplaint(sourceLocation: SourceLocation = #_sourceLocation) throws {
    // What happened before is told before this is answered.
    _ = try browser.evaluate("1", as: Int.self)
    #expect(browser.complaints == [], sourceLocation: sourceLocation)
    #expect(browser.requests.count == 1, "\(browser.requests)", sourceLocation: sourceLocation)
  }
}
