import ImageFiles
import StyleEngine
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer
@testable import Pages

@Suite struct RunPageTests {
  private let folder: TemporaryFolder
  private let plan: BatchPlan

  init() throws {
    folder = try TemporaryFolder()
    // A PNG's signature is all that a plan looks at.
    for name in ["a", "b", "c", "d"] {
      try folder.file("in/\(name).png", holding: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }
    plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      existing: .leave)
  }

  private func page() throws -> RunPage {
    RunPage(
      try PageFile(
        folder["page.html"], replacing: false, title: "Title", command: "pastiche", facts: []),
      of: plan, statistics: StatisticsCollection(norm: "instance", stored: [], epsilon: 1e-5),
      reason: { "because \($0)" }, remark: \.description)
  }

  private func event(_ place: Int, _ outcome: BatchEvent.Outcome? = nil) -> BatchEvent {
    let image = Image(
      width: 2, height: 2, pixels: PixelFormat(), bytes: Array(repeating: 90, count: 12))
    let looks = BatchLooks(before: image, after: image, layers: [])
    return BatchEvent(
      item: plan.items[place],
      outcome: outcome
        ?? .done(width: 2, height: 2, notes: [.image(.harmless("n\u{7}"))], looks: looks),
      seconds: nil)
  }

  /// The places in the text where the names stand first.
  private func places(_ text: String, _ names: [String]) -> [Int?] {
    names.map { text.firstRange(of: "<bdi>\($0).png")?.lowerBound.utf16Offset(in: text) }
  }

  @Test func picturesStandInTheOrderOfThePlan() throws {
    let page = try page()
    page.ended(event(2))
    page.ended(event(1, .skipped))
    page.ended(event(3, .failed(.unreadableDirectory(.noMemory))))
    #expect(folder.content(of: "page.html") == nil)
    page.ended(event(0))
    var report = BatchReport()
    (report.done, report.skipped) = (2, 1)
    #expect(page.finish(report) == nil)
    let text = try #require(folder.content(of: "page.html"))
    let order = places(text, ["a", "c", "d"]).compactMap(\.self)
    #expect(order.count == 3 && order == order.sorted())
    #expect(places(text, ["b"]) == [nil])
    #expect(text.contains("<p>because the directory can’t be listed".replacing("’", with: "&#39;")))
    #expect(text.contains("<li>n\\x07</li>"))
    #expect(text.contains("1 skipped: outputs that were there already."))
  }

  @Test func interruptedRunShowsWhatIsDone() throws {
    let page = try page()
    page.ended(event(3))
    page.ended(event(1))
    var report = BatchReport()
    (report.done, report.endedEarly) = (2, true)
    #expect(page.finish(report) == nil)
    let text = try #require(folder.content(of: "page.html"))
    let order = places(text, ["b", "d"]).compactMap(\.self)
    #expect(order.count == 2 && order == order.sorted())
    #expect(text.contains("The run ended early: 2 pictures had no turn."))
  }
}
