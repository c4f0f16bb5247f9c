import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct ManifestSummaryTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func record(
    _ name: String, failed reason: String? = nil, seconds: Double = 1, began: Double = 1000,
    ended: Double
  ) -> ManifestRecord {
    ManifestRecord(
      input: "in/\(name)", output: name, style: "s", options: "o",
      outcome: reason == nil ? .done : .failed, error: reason, seconds: seconds, began: began,
      ended: ended)
  }

  private func manifest(_ name: String, _ records: [ManifestRecord]) throws {
    try folder.file(name, holding: records.map { $0.line + "\n" }.joined())
  }

  private func summary(_ names: String...) throws(ManifestError) -> ManifestSummary {
    try ManifestSummary(reading: names.map { folder[$0] })
  }

  /// Of an output the last record counts, wherever it stands.
  @Test func theLastOutcomeCounts() throws {
    try manifest(
      "out/.pastiche-manifest-0-of-2.jsonl",
      [
        record("a", failed: "empty", ended: 1001), record("b", failed: "empty", ended: 1002),
        record("c", failed: "torn", ended: 1003), record("a", began: 2000, ended: 2001),
      ])
    try manifest(
      "out/.pastiche-manifest-1-of-2.jsonl",
      [record("d", began: 1001, ended: 1005), record("d", failed: "torn", ended: 900)])
    // Another directory's is another output.
    try manifest("other/.pastiche-manifest.jsonl", [record("a", ended: 1001)])
    let both = try summary("out", "other")
    #expect(both.done == 3 && both.failed == 2)
    #expect(
      both.reasons == [
        .init(text: "empty", count: 1, pictures: 1, examples: ["in/b"]),
        .init(text: "torn", count: 1, pictures: 1, examples: ["in/c"]),
      ])
    #expect(try summary("out/.pastiche-manifest-1-of-2.jsonl").done == 1)
  }

  /// A picture that fails in two styles is one picture.
  @Test func picturesAreCountedBesidePaintings() throws {
    func failed(_ style: String, _ name: String) -> ManifestRecord {
      ManifestRecord(
        input: "in/\(name)", output: "\(style)/\(name)", style: style, options: "o",
        outcome: .failed, error: "torn", seconds: 0, began: 1000, ended: 1001)
    }
    try manifest(
      "out/.pastiche-manifest.jsonl",
      ["udnie", "rhone"].flatMap { style in "abcde".map { failed(style, String($0)) } })
    let summary = try summary("out")
    #expect(summary.failed == 10)
    #expect(
      summary.reasons == [
        .init(text: "torn", count: 10, pictures: 5, examples: ["in/a", "in/b", "in/c"])
      ])
  }

  /// Runs at the same time count once, and what lies between runs not at all.
  @Test func timeIsThatInWhichARunWasOn() throws {
    try manifest(
      "out/.pastiche-manifest-0-of-2.jsonl",
      [record("a", ended: 1010), record("b", began: 5000, ended: 5010)])
    try manifest("out/.pastiche-manifest-1-of-2.jsonl", [record("c", began: 1005, ended: 1015)])
    let summary = try summary("out")
    #expect(summary.runs == 3)
    #expect(summary.seconds == 25 && summary.span == 4010)
    #expect(summary.picturesPerSecond == 3.0 / 25)
    #expect(summary.timeline.first == 2 && summary.timeline.last == 1)
    #expect(summary.timeline.reduce(0, +) == 3)
  }

  @Test func theSlowestComeFirst() throws {
    let times = [3.0, 9, 1, 4, 12, 5, 6, 7, 8, 2, 11, 10]
    try manifest(
      "out/.pastiche-manifest.jsonl",
      times.enumerated().map { record("\($0)", seconds: $1, ended: 1001) }
        + [record("0", seconds: 9.5, ended: 1002), record("4", seconds: 0.5, ended: 1003)])
    #expect(try summary("out").slowest.map(\.seconds) == [12, 11, 10, 9.5, 9, 8, 7, 6, 5, 4])
  }

  @Test func whatIsNoRecordIsCounted() throws {
    try folder.file(
      "manifest", holding: "{}\n[]\nnonsense\n\(record("a", ended: 1001).line)\n{\"torn\":")
    let summary = try summary("manifest")
    #expect(summary.done == 1 && summary.unreadableLines == 3)
    let empty = try folder.file("empty")
    #expect(try ManifestSummary(reading: [empty]).seconds == 0)
    try folder.directory("nothing")
    #expect(throws: ManifestError.none(folder["nothing"])) { try self.summary("nothing") }
    #expect(throws: ManifestError.unreadable(folder["nowhere"], .noSuchFileOrDirectory)) {
      try self.summary("nowhere")
    }
  }
}
