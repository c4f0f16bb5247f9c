import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `--html`: the page of a run.
@Suite(.deadline(minutes: 5)) struct HTMLTests {
  /// Pictures a.png … f.png of very different sizes, of which c.png is broken.
  private func photos(in folder: Folder) throws {
    for (index, name) in ["a", "b", "d", "e", "f"].enumerated() {
      try folder.picture(
        "photos/\(name).png", width: index == 0 ? 700 : 20 + index, height: 30, seed: index + 1)
    }
    try folder.file("photos/c.png", Array("no picture".utf8))
  }

  private func page(_ folder: Folder, _ name: String = "page.html") throws -> String {
    String(decoding: try folder.bytes(name), as: UTF8.self)
  }

  /// The names on a page, in its order.
  private func names(_ page: String) -> [String] {
    page.matches(of: /<figure[^>]*>(?:(?!<figure)[\s\S])*?<strong>(?:<a [^>]*>)?<bdi>([^<]*)/).map {
      String($0.1)
    }
  }

  @Test func aPageShowsEveryPictureInOrderWithReasonsAndStatistics() throws {
    let folder = try Folder()
    try photos(in: folder)
    let run = try folder.run("photos", "-o", "out", "--html", "page.html")
    #expect(run.status == 1)
    let text = try page(folder)
    #expect(names(text) == ["a", "b", "c", "d", "e", "f"].map { "\($0).png" })
    #expect(text.contains("6 pictures, 1 failed: "))
    #expect(text.contains("<p>neither PNG nor JPEG: "))
    #expect(text.matches(of: /<input type="range"/).count == 5)
    #expect(text.contains("<code>pastiche photos -o out</code>"))
    #expect(text.contains("<dt>Style</dt><dd>parau-api</dd>"))
    #expect(text.contains("<dt>Norm</dt><dd>instance</dd>"))
    #expect(text.contains("<section id=\"statistics\" data-images=\"5\""))
    #expect(text.contains("<span>before the norm</span>"))
    #expect(text.contains("<span>after instance norm</span>"))
    #expect(folder.files(in: "").allSatisfy { !$0.contains(".pastiche") })
  }

  /// Outputs are those of a run without a page.
  @Test func aPageChangesNoOutput() throws {
    let folder = try Folder()
    try photos(in: folder)
    try folder.picture("photos/g.png", hasAlpha: true)
    let flags: [[String]] = [[], ["--strength", "0"], ["--norm", "batch-live", "--depth", "16"]]
    for flags in flags {
      #expect(try folder.run(["photos", "-o", "plain"] + flags).status == 1)
      let run = try folder.run(["photos", "-o", "out", "--html", "page.html"] + flags)
      #expect(run.status == 1)
      #expect(folder.files(in: "out").count == 6)
      for file in folder.files(in: "out") {
        #expect(try folder.bytes("out/\(file)") == folder.bytes("plain/\(file)"))
      }
      for name in ["plain", "out", "page.html"] { try folder.remove(name) }
    }
  }

  @Test(arguments: [[], ["--strength", "0"], ["--norm", "batch-live", "--batch", "2"]])
  func bytesAreTheSameAtAnyThreadsAndMemory(_ flags: [String]) throws {
    let folder = try Folder()
    try photos(in: folder)
    let variants = [
      ["-j", "1"], ["-j", "3"], ["--jobs=2", "--memory", "6M"], ["--memory=unlimited"],
    ]
    var pages: Set<[UInt8]> = []
    for (index, variant) in variants.enumerated() {
      let name = "\(index).html"
      let run = try folder.run(["photos", "-o", "out", "--html", name] + flags + variant)
      #expect(run.status == 1)
      pages.insert(try folder.bytes(name))
      try folder.remove("out")
    }
    #expect(pages.count == 1)
  }

  @Test(arguments: [
    ("stored", "instance", ["after instance norm", "after batch norm (stored statistics)"]),
    ("stored", "batch", ["after batch norm (stored statistics)", "after instance norm"]),
    ("parau-api", "layer", ["after layer norm", "after instance norm"]),
  ]) func viewsAreOfTheNormsThatCanBeSeen(_ style: String, _ norm: String, _ views: [String]) throws
  {
    let folder = try Folder()
    try folder.picture("a.png", width: 40, height: 40)
    let run = try folder.run(
      ["a.png", "-o", "b.png", "-m", style, "--norm", norm, "--swap", "--html", "page.html"])
    #expect(run.status == 0)
    let found = try page(folder).matches(of: /data-own-axes="\d"><span>([^<]*)/)
    #expect(found.map { String($0.1) } == ["before the norm"] + views)
  }

  @Test func atStrengthNoughtThereAreNoStatistics() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 40, height: 40)
    let run = try folder.run("a.png", "-o", "b.png", "--strength", "0", "--html", "page.html")
    #expect(run.status == 0)
    let text = try page(folder)
    let sources = text.matches(of: /src="(data:image[^"]*)"/).map { $0.1 }
    #expect(sources.count == 2 && sources.first == sources.last)
    #expect(!text.contains("<section id=\"statistics\""))
  }

  @Test func whatWasThereAlreadyIsCounted() throws {
    let folder = try Folder()
    try photos(in: folder)
    try folder.picture("out/a.png")
    let some = try folder.run("photos", "-o", "out", "--html", "some.html")
    #expect(some.status == 1)
    #expect(
      try page(folder, "some.html").contains("<br>1 skipped: outputs that were there already."))
    #expect(try names(page(folder, "some.html")).count == 5)
    try folder.remove("photos/c.png")
    #expect(try folder.run("photos", "-o", "out", "--html", "none.html").status == 0)
    let none = try page(folder, "none.html")
    #expect(none.contains("0 pictures<br>5 skipped"))
    #expect(names(none) == [])
  }

  /// Names and arguments can't become markup, and can be copied to a shell.
  @Test func namesAreShownAsTheyAre() throws {
    let folder = try Folder()
    try folder.picture("<b>it's.png")
    let run = try folder.run("<b>it's.png", "-o", "b.png", "--html", "page.html")
    #expect(run.status == 0)
    let text = try page(folder)
    #expect(text.contains("<bdi>&lt;b&gt;it&#39;s.png</bdi>"))
    #expect(
      text.contains("<code>pastiche &#39;&lt;b&gt;it&#39;\\&#39;&#39;s.png&#39; -o b.png</code>"))
  }

  // MARK: Where it goes

  @Test func thePageMayLieAmongOutputsThatAreToBeMade() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    #expect(try folder.run("a.png", "-o", "out/", "--html", "out/index.html").status == 0)
    #expect(folder.files(in: "out") == ["a.png", "index.html"])
    #expect(try folder.run("a.png", "-o", "new/b.png", "--html", "new/b.html").status == 0)
    #expect(folder.files(in: "new") == ["b.html", "b.png"])
  }

  @Test(arguments: [
    ("there.html", "exists already; name another page, or pass --overwrite"),
    ("nowhere/page.html", "nowhere/page.html"),
    ("photos", "photos is a directory"),
    ("photos/a.png", "the page photos/a.png is the input photos/a.png"),
    ("..", ".. is a directory"),
    ("link.html", "the page link.html is the input photos/a.png"),
    ("out/a.png", "the page out/a.png is the output of photos/a.png"),
    ("photos/../out/a.png", "is the output of photos/a.png"),
  ]) func aPageThatCannotBeIsRefusedBeforeWork(_ page: String, _ reason: String) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.file("there.html", [1])
    try folder.link("link.html", to: "photos/a.png")
    let before = try folder.bytes("photos/a.png")
    for flags in [[], ["--dry-run"]] where flags.isEmpty || !page.hasPrefix("nowhere") {
      let run = try folder.run(["photos", "-o", "out", "--html", page] + flags)
      #expect(run.status == 2)
      #expect(run.errors.contains(reason))
      #expect(!folder.exists("out/a.png"))
    }
    #expect(try folder.bytes("photos/a.png") == before)
    #expect(try folder.bytes("there.html") == [1])
  }

  @Test func anExistingPageIsReplacedOnRequest() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    try folder.file("page.html", [1])
    let run = try folder.run("a.png", "-o", "b.png", "--html", "page.html", "--overwrite")
    #expect(run.status == 0)
    #expect(try page(folder).hasPrefix("<!doctype html>"))
  }

  @Test(arguments: ["-", "page/", "./"]) func aPageIsAFile(_ page: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    #expect(try folder.run("a.png", "-o", "b.png", "--html", "\(page)").status == 64)
    #expect(!folder.exists("b.png"))
  }

  @Test func aDryRunWritesNone() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run("a.png", "-o", "b/", "--html", "b/page.html", "--dry-run")
    #expect(run.status == 0)
    #expect(folder.files(in: "") == ["a.png"])
    #expect(!folder.exists("b"))
  }

  // MARK: What goes wrong

  @Test(
    .enabled(if: SmallDisk.isPossible), arguments: [[], ["--quiet"], ["--log-format", "json"]])
  func aPageThatCannotBeWrittenLeavesThePicturesDone(_ flags: [String]) throws {
    let disk = try #require(try SmallDisk("disk", kilobytes: 16))
    let folder = disk.folder
    try folder.picture("a.png", width: 300, height: 300)
    let run = try folder.run(["a.png", "-o", "b.png", "--html", "disk/page.html"] + flags)
    #expect(run.status == 1)
    #expect(try folder.image("b.png").width == 300)
    #expect(folder.files(in: "disk") == [])
    #expect(run.errors.contains("no space left on the disk for disk/page.html"))
    if flags.last == "json" {
      let events = try run.events().compactMap { $0["event"] as? String }
      #expect(events.suffix(2) == ["page_failed", "finished"])
    }
  }

  @Test func anInterruptedRunShowsWhatIsDone() throws {
    let folder = try Folder()
    try folder.picture("large.png", width: 1000, height: 500)
    try folder.directory("photos")
    let names = (10..<90).map { "\($0).png" }
    for name in names { try folder.link("photos/\(name)", to: "../large.png") }
    let running = try folder.start(["photos", "-o", "out", "--html", "page.html"])
    var patience = 60_000
    while patience > 0, !folder.exists("out/10.png") {
      usleep(1000)
      patience -= 1
    }
    running.send(SIGINT)
    let run = try running.wait()
    #expect(run.status == 130)
    let done = folder.files(in: "out")
    let text = try page(folder)
    #expect(self.names(text) == done)
    let missing = names.count - done.count
    #expect(text.contains("<br>The run ended early: \(missing) pictures had no turn."))
  }
}
