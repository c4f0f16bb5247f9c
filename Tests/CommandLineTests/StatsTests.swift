import Foundation
import TestSupport
import Testing

/// `pastiche stats`
@Suite(.deadline(minutes: 5)) struct StatsTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("photos/a.png", width: 24, height: 18)
    try folder.picture("photos/b.png", width: 20, height: 30, seed: 2)
    return folder
  }

  private static let norms = ["in1", "in2", "in3", "res1.in1", "res1.in2", "in4", "in5"]

  @Test func documentHasEveryChannelOfEveryNorm() throws {
    let folder = try folder()
    let run = try folder.run("stats", "photos", "--json")
    #expect(run.status == 0 && run.errors == "")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let images = try #require((object as? [String: Any])?["images"] as? [[String: Any]])
    #expect(images.compactMap { $0["path"] as? String } == ["photos/a.png", "photos/b.png"])
    for image in images {
      let layers = try #require(image["layers"] as? [[String: Any]])
      #expect(layers.compactMap { $0["name"] as? String } == Self.norms)
      for (layer, channels) in zip(layers, [4, 8, 16, 16, 16, 8, 4]) {
        for key in ["mean", "variance", "scale", "shift"] {
          #expect((layer[key] as? [Double])?.count == channels)
        }
      }
    }
  }

  /// Tidy: one observation a row, fields quoted where they must be.
  @Test func tableHasARowForEachChannel() throws {
    let folder = try folder()
    try folder.picture("odd, \"name\".png", width: 10, height: 10)
    let run = try folder.run("stats", "odd, \"name\".png", "photos/a.png", "--csv")
    #expect(run.status == 0)
    let rows = run.output.split(separator: "\n")
    #expect(rows.first == "path,layer,channel,mean,variance,scale,shift")
    #expect(rows.count == 1 + 2 * (4 + 8 + 16 * 3 + 8 + 4))
    #expect(rows[1].hasPrefix("\"odd, \"\"name\"\".png\",in1,0,"))
    #expect(rows[73].hasPrefix("photos/a.png,in1,"))
    #expect(rows.last?.split(separator: ",").count == 7)
  }

  @Test func summaryTellsWhatMoves() throws {
    let folder = try folder()
    let run = try folder.run("stats", "photos")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "parau-api, instance norm, 2 pictures")
    for norm in Self.norms { #expect(lines.contains { $0.hasPrefix(norm + " ") }) }
    #expect(run.output.contains("█"))
    #expect(lines.contains("(in1 is the norm after the convolution conv1, and so on)"))
    #expect(lines.contains { $0.hasPrefix("channels that move most") })
    let alone = try folder.run("stats", "photos/a.png")
    #expect(alone.output.contains("one picture; name several to see what moves between them"))
  }

  /// The batch's, which two pictures share and one alone has by itself.
  @Test func liveBatchesAreThoseOfTheOrder() throws {
    let folder = try folder()
    func scales(_ arguments: String...) throws -> [[Double]] {
      let run = try folder.run(["stats"] + arguments + ["--json", "--norm", "batch-live"])
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      let images = (object as? [String: Any])?["images"] as? [[String: Any]]
      return try #require(images).compactMap {
        ($0["layers"] as? [[String: Any]])?.first?["scale"] as? [Double]
      }
    }
    let together = try scales("photos/a.png", "photos/b.png")
    #expect(together.count == 2 && together[0] == together[1])
    let alone = try scales("photos/a.png", "photos/b.png", "--batch", "1")
    #expect(alone[0] != alone[1] && alone[0] != together[0])
  }

  @Test func pictureThatFailsIsToldAndTheOthersReported() throws {
    let folder = try folder()
    try folder.file("photos/c.png")
    let run = try folder.run("stats", "photos", "nosuch.png", "--csv")
    #expect(run.status == 1)
    #expect(run.output.contains("photos/b.png,in5,3,"))
    #expect(run.errors.contains("photos/c.png: failed: the file is empty"))
    #expect(run.errors.contains("nosuch.png: failed: can't be read"))
  }

  @Test(
    arguments: [
      (["nosuch.png"], 2, "nosuch.png: failed: can't be read"),
      (["empty"], 2, "no pictures found"),
      (["photos", "--norm", "batch"], 2, "no stored statistics for --norm batch"),
      (
        ["photos", "--norm", "group", "--groups", "3"], 2,
        "3 groups must divide the 4 channels of in1"
      ),
      (["photos", "--memory", "1K"], 2, "pass --memory"),
      (["photos", "--json", "--csv"], 64, "--json and --csv exclude one another"),
      (["photos", "--batch", "0"], 64, "--batch must be at least 1"),
      ([], 64, "<image>"),
    ] as [([String], Int32, String)])
  func badInputIsAClearError(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let folder = try folder()
    try folder.directory("empty")
    let run = try folder.run(["stats"] + arguments)
    #expect(run.status == status)
    #expect(run.errors.contains(words))
    #expect(run.output == "")
  }

  @Test func memoryChangesNoNumber() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 300, height: 500)
    let whole = try folder.run("stats", "a.png", "--json", "--memory", "unlimited")
    let least = try folder.run("stats", "a.png", "--json", "--memory", "3M")
    #expect(least.status == 0 && least.output == whole.output)
  }

  // The page

  @Test func pageShowsEveryPictureAndItsStatistics() throws {
    let folder = try folder()
    try folder.file("photos/c.png")
    try folder.file("photos/d.png", Array(folder.bytes("photos/a.png").dropLast(40)))
    let run = try folder.run("stats", "photos", "-m", "stored", "--csv", "--html", "page.html")
    #expect(run.status == 1)
    let page = String(decoding: try folder.bytes("page.html"), as: UTF8.self)
    #expect(page.hasSuffix("</html>\n"))
    for words in [
      "a.png", "b.png", "the file is empty",
      "or paint it with --damaged keep to use what can be decoded",
      "before the norm", "after instance norm", "after batch norm (stored statistics)",
      "Statistics of 4 pictures",
    ] { #expect(page.contains(words), "\(words)") }
    // Looked at for spikes, numbers stay what they were.
    let plain = try folder.run("stats", "photos", "-m", "stored", "--csv")
    #expect(run.output == plain.output)
    let again = try folder.run(
      "stats", "photos", "-m", "stored", "--csv", "-j", "3", "--html", "again.html")
    #expect(again.status == 1)
    #expect(try folder.bytes("again.html") == folder.bytes("page.html"))
  }

  @Test func pageThatIsThereOrIsAnInputIsKept() throws {
    let folder = try folder()
    try folder.file("page.html", [1])
    let run = try folder.run("stats", "photos", "--html", "page.html")
    #expect(run.status == 2 && run.errors.contains("pass --overwrite"))
    #expect(try folder.bytes("page.html") == [1])
    let input = try folder.run(
      "stats", "photos/a.png", "--html", "photos/a.png", "--overwrite")
    #expect(input.status == 2 && input.errors.contains("is the input photos/a.png"))
    let nowhere = try folder.run("stats", "photos", "--html", "nowhere/page.html")
    #expect(nowhere.status == 2 && nowhere.errors.contains("can't write to nowhere: No such file"))
    #expect(try folder.run("stats", "photos", "--html", "page.html", "--overwrite").status == 0)
  }
}
