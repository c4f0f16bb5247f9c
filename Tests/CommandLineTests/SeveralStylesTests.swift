import Foundation
import ImageFiles
import TestSupport
import Testing

/// `-m ink,oil` and `-m all`: every picture in every style, in OUT/STYLE/.
@Suite(.deadline(minutes: 5)) struct SeveralStylesTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("photos/a.png", width: 24, height: 20)
    try folder.picture("photos/deep/b.jpg", width: 20, height: 30, seed: 2, format: .jpeg)
    return folder
  }

  /// Expects each of the styles to have what it paints alone.
  private func expectEachAlone(
    _ styles: [String], _ flags: [String] = [], in folder: Folder, from photos: String = "photos"
  ) throws {
    for style in styles {
      let run = try folder.run([photos, "-o", "alone/\(style)", "-m", style] + flags)
      #expect(run.status == 0, "\(run.errors)")
      let names = folder.files(in: "alone/\(style)")
      #expect(folder.files(in: "out/\(style)") == names && !names.isEmpty)
      for name in names {
        #expect(try folder.bytes("out/\(style)/\(name)") == folder.bytes("alone/\(style)/\(name)"))
      }
    }
  }

  @Test(arguments: [
    [], ["-r"], ["--norm", "group", "--groups", "2"],
    ["--norm", "batch-live", "--batch", "2", "-r"],
    ["--stroke-size", "2", "--detail", "photo", "--margin", "4"], ["--strength", "0", "-r"],
    ["--depth", "16", "--scale", "0.5", "--keep-color", "-r", "--memory", "2M", "-j", "3"],
  ]) func eachIsPaintedAsAlone(_ flags: [String]) throws {
    let folder = try folder()
    let styles = ["oil", "mural", "ink", "pastel"]
    let list = styles.joined(separator: ",")
    let run = try folder.run(["photos", "-o", "out", "-m", list] + flags)
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.files(in: "out").count == (flags.contains("-r") ? 8 : 4))
    try expectEachAlone(styles, flags, in: folder)
  }

  /// Those of the package are at hand, too.
  @Test func allAreThoseThatAreListed() throws {
    let folder = try folder()
    let list = try folder.run("models", "--json")
    let cards = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
    let styles = try #require(cards).compactMap { $0["name"] as? String }.sorted()
    let run = try folder.run("photos", "-o", "out", "-m", "all")
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.files(in: "out") == styles.map { "\($0)/a.png" })
    let own = ["chalk", "ink", "mural", "oil", "parau-api", "pastel", "stored"]
    #expect(Set(own).isSubset(of: styles))
    #expect(Set(styles).isDisjoint(with: ["canvas", "slate", "base", "mural.batch"]))
    try expectEachAlone(own, in: folder)
  }

  /// As in preview: each paints by itself.
  @Test func severalFlagsAreAList() throws {
    let folder = try folder()
    let run = try folder.run("photos", "-o", "out", "-m", "ink", "-m", "ink:1,oil:1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.files(in: "out") == ["ink/a.png", "ink:1,oil:1/a.png"])
    // A path names no directory; each still paints into its own.
    for name in ["ink", "oil", "canvas"] { try folder.style(name, as: "mine/\(name)") }
    let paths = try folder.run(
      "photos", "-o", "paths", "-m", "mine/ink.safetensors:1,mine/oil.safetensors:1", "-m",
      "mine/ink.safetensors")
    #expect(paths.status == 0, "\(paths.errors)")
    for name in ["ink/a.png", "ink:1,oil:1/a.png"] {
      #expect(try folder.bytes("paths/\(name)") == folder.bytes("out/\(name)"))
    }
    try folder.style("ink", as: "mine/..")
    let outside = try folder.run("photos", "-o", "deep/out", "-m", "ink,mine/...safetensors")
    #expect(outside.status == 2 && outside.errors.contains("no directory can be named like"))
    let twice = try folder.run("photos", "-o", "twice", "-m", "ink", "-m", "ink")
    #expect(twice.status == 2 && twice.errors.contains("two styles are named ink"))
  }

  @Test func outputsThatAreThereAreSkippedOneByOne() throws {
    let folder = try folder()
    try folder.file("out/ink/a.png", [1])
    let arguments = ["photos", "-r", "-o", "out", "-m", "ink,oil"]
    let run = try folder.run(arguments)
    #expect(run.status == 0)
    #expect(run.errors.contains("3 done, 1 skipped in "))
    #expect(try folder.bytes("out/ink/a.png") == [1])
    #expect(try folder.run(arguments).errors.contains("0 done, 4 skipped in "))
    #expect(try folder.run(arguments + ["--overwrite"]).errors.contains("4 done in "))
    try expectEachAlone(["ink", "oil"], ["-r"], in: folder)
  }

  /// Whether its first bytes tell or only its last, and if it is named twice.
  @Test(arguments: [["photos"], ["photos", "photos/cut.png", "photos/text.png"]])
  func aBrokenPictureFailsOnceInEveryStyle(_ inputs: [String]) throws {
    let folder = try folder()
    try folder.file("photos/text.png", Array("words".utf8))
    try folder.file("photos/cut.png", folder.bytes("photos/a.png").dropLast(40))
    let run = try folder.run(inputs + ["-o", "out", "-m", "ink,oil", "--log-format", "json"])
    #expect(run.status == 1)
    let events = try run.events()
    let failures = events.filter { $0["event"] as? String == "failed" }
    #expect(
      failures.compactMap { $0["output"] as? String } == [
        "out/ink/cut.png", "out/oil/cut.png", "out/ink/text.png", "out/oil/text.png",
      ])
    #expect(
      failures.compactMap { $0["input"] as? String } == [
        "photos/cut.png", "photos/cut.png", "photos/text.png", "photos/text.png",
      ])
    let finished = try #require(events.last { $0["event"] as? String == "finished" })
    #expect(finished["done"] as? Int == 2 && finished["failed"] as? Int == 4)
    #expect(folder.files(in: "out") == ["ink/a.png", "oil/a.png"])
    // People are told once.
    let words = try folder.run(inputs + ["-o", "again", "-m", "ink,oil"])
    for name in ["cut", "text"] {
      #expect(words.errorLines.count { $0.contains("photos/\(name).png: ") } == 1)
    }
    try folder.remove("photos/a.png")
    #expect(try folder.run("photos", "-o", "none", "-m", "ink,oil").status == 2)
  }

  @Test func aStyleThatIsBrokenIsToldAndAllOthersPaint() throws {
    let folder = try folder()
    for name in ["ink", "oil", "canvas"] { try folder.style(name, as: "styles/\(name)") }
    try folder.file("styles/broken.safetensors", [1])
    let all = try folder.run("photos", "-o", "out", "-m", "all", "--models", "styles")
    #expect(all.status == 1)
    #expect(all.errors.contains("pastiche: styles/broken.safetensors: 1 bytes are too few"))
    #expect(Set(["ink/a.png", "oil/a.png"]).isSubset(of: folder.files(in: "out")))
    #expect(!folder.exists("out/broken"))
    let json = try folder.run(
      "photos", "-o", "json", "-m", "all", "--models", "styles", "--log-format", "json")
    let told = try json.events().filter { $0["event"] as? String == "style_failed" }
    #expect(told.count == 1 && json.status == 1)
    // One that was asked for is missed.
    let named = try folder.run("photos", "-o", "new", "-m", "ink,broken", "--models", "styles")
    #expect(named.status == 2)
    #expect(!folder.exists("new"))
  }

  @Test func twoStylesOfOneNameAreRefused() throws {
    let folder = try folder()
    try folder.style("oil", as: "mine/ink")
    for list in ["ink,mine/ink.safetensors", "ink,oil,ink"] {
      let run = try folder.run("photos", "-o", "out", "-m", "\(list)")
      #expect(run.status == 2)
      #expect(run.errors.contains("two styles are named ink"))
    }
    #expect(!folder.exists("out"))
  }

  @Test(arguments: [
    (["photos/a.png", "-o", "b.png"], "several styles go to a directory"),
    (["photos/a.png", "-o", "b.JPG"], "one below it for each; b.JPG names a file"),
    (["photos/a.png", "-o", "-"], "several styles go to a directory"),
    (["-", "-o", "-"], "several styles go to a directory"),
  ]) func anOutputThatNamesAFileIsAUsageError(_ arguments: [String], _ words: String) throws {
    let folder = try folder()
    for styles in ["ink,oil", "all"] {
      let run = try folder.run(arguments + ["-m", styles])
      #expect(run.status == 64)
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    #expect(folder.files(in: "") == ["photos/a.png", "photos/deep/b.jpg"])
  }

  /// Where it is, or its name ends in a slash, anything is a directory, and need not be named so.
  @Test(arguments: ["there.png", "new.png/", "deep/new"])
  func anOutputMayBeADirectoryOfAnyName(_ output: String) throws {
    let folder = try folder()
    try folder.directory("there.png")
    let run = try folder.run("photos/a.png", "-o", "\(output)", "-m", "ink,oil")
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.files(in: output) == ["ink/a.png", "oil/a.png"])
  }

  @Test func treesAreMadeAnewAndResultsNotPaintedAgain() throws {
    let folder = try folder()
    let arguments = ["photos", "-r", "-o", "photos/painted", "-m", "ink,oil"]
    #expect(try folder.run(arguments).status == 0)
    #expect(try folder.run(arguments).errors.contains("0 done, 4 skipped in "))
    #expect(
      folder.files(in: "photos/painted")
        == ["ink/a.png", "ink/deep/b.jpg", "oil/a.png", "oil/deep/b.jpg"])
  }

  @Test func aDryRunTellsEveryPainting() throws {
    let folder = try folder()
    let run = try folder.run("photos", "-o", "out", "-m", "ink,oil", "--dry-run")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n").map { $0.prefix { $0 != "(" } }
    #expect(lines.dropLast() == ["ink", "oil"].map { "photos/a.png -> out/\($0)/a.png " })
    #expect(lines.last?.hasPrefix("all: 2 paintings, about ") == true)
    #expect(!folder.exists("out"))
  }

  @Test func aPageShowsEveryPainting() throws {
    let folder = try folder()
    let run = try folder.run(
      "photos/a.png", "-o", "out", "-m", "ink,oil,mural", "--html", "out/index.html")
    #expect(run.status == 0, "\(run.errors)")
    let page = String(decoding: try folder.bytes("out/index.html"), as: UTF8.self)
    #expect(page.contains("In 3 styles"))
    #expect(page.matches(of: /<input type="range"/).count == 3)
  }
}
