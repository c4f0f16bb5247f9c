import Foundation
import TestSupport
import Testing

/// `--manifest`, `--resume` and `--shard` from end to end.
@Suite struct ResumeTests {
  private let folder: Folder
  private let manifest = "out/.pastiche-manifest.jsonl"

  init() throws {
    folder = try Folder()
    for number in 1...4 {
      try folder.picture("in/\(number).png", width: 24, height: 16, seed: number)
    }
    try folder.file("in/bad.png", Array("no picture".utf8))
  }

  private func outcomes(_ manifest: String) throws -> [String] {
    try String(decoding: folder.bytes(manifest), as: UTF8.self).split(separator: "\n").map { line in
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return "\(record?["output"] ?? "?") \(record?["outcome"] ?? "?")"
    }
  }

  @Test func aRunGoesOnWhereTheManifestEnds() throws {
    let first = try folder.run("in", "-o", "out", "--manifest")
    #expect(first.status == 1)
    #expect(
      try outcomes(manifest).sorted() == [
        "1.png done", "2.png done", "3.png done", "4.png done", "bad.png failed",
      ])
    let before = try folder.bytes("out/2.png")

    // One is missing, one changed, one is new, one is somebody else's; the last line was torn.
    try folder.remove("out/1.png")
    try folder.picture("in/2.png", width: 24, height: 16, seed: 22)
    try folder.picture("in/5.png", width: 24, height: 16, seed: 5)
    try folder.picture("in/6.png", width: 24, height: 16, seed: 6)
    try folder.file("out/6.png", [6])
    try folder.file(manifest, folder.bytes(manifest) + Array(#"{"began":1"#.utf8))
    let second = try folder.run("in", "-o", "out", "--resume")
    #expect(second.status == 1)
    #expect(second.errors.contains("3 done, 3 skipped, 1 failed"), "\(second.errors)")
    #expect(second.errors.contains("skipped: 2 done before"), "\(second.errors)")
    #expect(second.errors.contains("skipped: 1 output that"), "\(second.errors)")
    #expect(
      Set(try outcomes(manifest).dropFirst(5)) == [
        "bad.png failed", "1.png done", "2.png done", "5.png done",
      ])
    #expect(try folder.bytes("out/2.png") != before)
    #expect(try folder.bytes("out/6.png") == [6])

    // Other options redo what is known, and nothing else.
    let third = try folder.run("in", "-o", "out", "--resume", "--compression", "0", "--quiet")
    #expect(third.status == 1)
    #expect(try outcomes(manifest).count == 9 + 6)
    #expect(try folder.bytes("out/6.png") == [6])
    let fourth = try folder.run(
      "in", "-o", "out", "--resume", "--compression", "0", "--overwrite", "--quiet")
    #expect(fourth.status == 1)
    #expect(try outcomes(manifest).dropFirst(15) == ["bad.png failed", "6.png done"])
    #expect(try folder.bytes("out/6.png") != [6])
  }

  @Test func sharesTogetherAreTheWhole() throws {
    #expect(try folder.run("in", "-o", "whole").status == 1)
    var outcomes: [String] = []
    for index in 0..<3 {
      let run = try folder.run(["in", "-o", "out", "--shard", "\(index)/3"])
      #expect([0, 1, 2].contains(run.status), "\(run.errors)")
      outcomes += try self.outcomes("out/.pastiche-manifest-\(index)-of-3.jsonl")
    }
    #expect(
      outcomes.sorted() == [
        "1.png done", "2.png done", "3.png done", "4.png done", "bad.png failed",
      ])
    for number in 1...4 {
      #expect(try folder.bytes("out/\(number).png") == folder.bytes("whole/\(number).png"))
    }
    // Twice without harm, and a share of nothing is nothing wrong.
    for index in 0..<40 {
      let run = try folder.run(["in/1.png", "-o", "out/", "--shard", "\(index)/40", "--resume"])
      #expect(run.status == 0, "\(run.errors)")
    }
    for index in 0..<2 {
      let run = try folder.run(["in/1.png", "-o", "new/", "--shard", "\(index)/40", "--dry-run"])
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func aReportSumsManifestsUp() throws {
    for index in 0..<2 { _ = try folder.run(["in", "-o", "out", "--shard", "\(index)/2"]) }
    let report = try folder.run("report", "out", "--html", "page.html")
    #expect(report.status == 0 && report.errors == "", "\(report.errors)")
    #expect(report.output.hasPrefix("4 done, 1 failed in 2 runs, "), "\(report.output)")
    #expect(report.output.contains("1 failed: neither PNG nor JPEG"))
    #expect(report.output.contains("  in/bad.png\n"))
    let page = String(decoding: try folder.bytes("page.html"), as: UTF8.self)
    #expect(page.contains("<a href=\"in/bad.png\"><bdi>in/bad.png</bdi></a>"))
    #expect(page.contains("<section id=\"failed\">") && page.contains("<section id=\"slowest\">"))
    // Of so few pictures no plot.
    #expect(!page.contains("<section id=\"speed\">") && !page.contains("<section id=\"pictures\">"))
    let json = try folder.run("report", "out/.pastiche-manifest-0-of-2.jsonl", "--json")
    let document =
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(document?["runs"] as? Int == 1)
    let refused = try folder.run("report", "in")
    #expect(refused.status == 2 && refused.errors.contains("--manifest"), "\(refused.errors)")
  }

  @Test func anArrayTaskKnowsItsShare() throws {
    let run = try folder.run(
      "in", "-o", "out", "--shard", "auto/2", "--dry-run",
      environment: ["JOB_COMPLETION_INDEX": "1"])
    #expect(run.errors.contains("share 1/2"), "\(run.errors)")
    #expect(folder.files(in: "out").isEmpty)
    let refused = try folder.run("in", "-o", "out", "--shard", "auto")
    #expect(refused.status == 2 && refused.errors.contains("pass --shard i/n"))
  }

  @Test func companyThatAShareChangesIsTold() throws {
    let words = "company with those of their share alone"
    let live = ["in", "-o", "out", "--norm", "batch-live", "--dry-run"]
    #expect(try folder.run(live + ["--shard", "0/2"]).errors.contains(words))
    #expect(try !folder.run(live + ["--shard", "0/1"]).errors.contains(words))
    #expect(
      try !folder.run("in", "-o", "out", "--shard", "0/2", "--dry-run").errors.contains(words))
  }

  @Test(arguments: ["--manifest", "--resume", "--shard=0/2"])
  func aFileHasNoManifest(_ flag: String) throws {
    let run = try folder.run(["in/1.png", "-o", "one.png", flag])
    #expect(run.status == 64 && run.errors.contains("name a directory with -o"), "\(run.errors)")
  }

  /// Without a manifest nobody would know the rest for its own.
  @Test(.enabled(if: SmallDisk.isPossible, "mounting takes root"))
  func aManifestThatCannotBeKeptEndsTheRun() throws {
    let disk = try #require(try SmallDisk("out", kilobytes: 16))
    for number in 1...20 {
      try disk.folder.picture("in/\(number).png", width: 24, height: 16, seed: number)
    }
    let run = try disk.folder.run("in", "-o", "out", "--manifest")
    #expect(run.status == 1)
    #expect(run.errors.contains("run again with --resume"), "\(run.errors)")
    #expect(run.errors.contains("ended early"), "\(run.errors)")
  }
}
