import Foundation
import ImageFiles
import TestSupport
import Testing

/// `pastiche compare`
@Suite(.deadline(minutes: 5)) struct CompareTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("a.png", width: 24, height: 18)
    try folder.picture("b.png", width: 20, height: 30, seed: 2)
    return folder
  }

  @Test func sheetHasARowForEachPictureAndAColumnForEachNorm() throws {
    let folder = try folder()
    let run = try folder.run(
      "compare", "a.png", "b.png", "-m", "stored", "-o", "sheet.png", "--cell-width", "64")
    #expect(run.status == 0 && run.output == "" && run.errors == "")
    let sheet = try folder.image("sheet.png")
    // The original and five norms.
    #expect(sheet.width >= 6 * 64 && sheet.width < 7 * 64 + 200)
    let narrow = try folder.run(
      "compare", "a.png", "b.png", "-m", "stored", "-o", "narrow.png", "--cell-width", "64",
      "--norms", "layer")
    #expect(narrow.status == 0)
    #expect(try sheet.width - folder.image("narrow.png").width == 4 * (64 + 16))
  }

  @Test func contrastsAddRows() throws {
    let folder = try folder()
    func height(_ arguments: String...) throws -> Int {
      let run = try folder.run(
        ["compare", "a.png", "-o", "sheet.png", "--overwrite", "--norms", "instance"] + arguments)
      #expect(run.status == 0)
      return try folder.image("sheet.png").height
    }
    let (one, three) = (try height(), try height("--contrast", "0.3,1,3"))
    #expect(three > one + 2 * 18)
  }

  @Test func normWithoutStatisticsIsToldAndTheOthersAreShown() throws {
    let folder = try folder()
    let run = try folder.run("compare", "a.png", "-o", "sheet.jpg")
    #expect(run.status == 1)
    #expect(run.errors.contains("batch norm: parau-api has no stored statistics"))
    #expect(try folder.format("sheet.jpg") == .jpeg)
  }

  @Test func pictureThatFailsIsToldOnceAndTheOthersAreShown() throws {
    let folder = try folder()
    try folder.file("c.png")
    let run = try folder.run(
      "compare", "a.png", "c.png", "-o", "sheet.png", "--norms", "instance,layer")
    #expect(run.status == 1)
    #expect(run.errorLines.count == 1 && run.errors.hasPrefix("c.png: failed: the file is empty"))
    #expect(folder.exists("sheet.png"))
  }

  @Test func sheetThatIsThereIsKept() throws {
    let folder = try folder()
    try folder.file("sheet.png", [1])
    let run = try folder.run("compare", "a.png", "-o", "sheet.png", "--norms", "instance")
    #expect(run.status == 2)
    #expect(run.errors.contains("sheet.png exists already; pass --overwrite to replace it"))
    #expect(try folder.bytes("sheet.png") == [1])
    let again = try folder.run(
      "compare", "a.png", "-o", "sheet.png", "--norms", "instance", "--overwrite")
    #expect(again.status == 0)
  }

  @Test(
    arguments: [
      (["a.png", "-o", "sheet.gif"], 64, "must end in .png, .apng, .jpg, .jpeg, .jpe or .jfif"),
      (["a.png", "-o", "sheet/"], 64, "must end in .png, .apng, .jpg, .jpeg, .jpe or .jfif"),
      (["a.png", "-o", "s.png", "--norms", "instance,none"], 64, "--norms"),
      (["a.png", "-o", "s.png", "--contrast", "1,-2"], 64, "--contrast"),
      (["a.png", "-o", "s.png", "--cell-width", "3"], 64, "--cell-width must be in 16...4096"),
      (["nosuch.png", "-o", "s.png"], 2, "nosuch.png: failed: can't be read"),
      (["a.png", "-o", "nowhere/s.png", "--norms", "instance"], 2, "write to nowhere: No such"),
    ] as [([String], Int32, String)])
  func badInputIsAClearError(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let folder = try folder()
    let run = try folder.run(["compare"] + arguments)
    #expect(run.status == status)
    #expect(run.errors.contains(words))
    #expect(!folder.exists("s.png"))
  }

  /// Other weights under batch norm, where a variant was trained so.
  @Test func trainedVariantsAreUsedUnlessSwapped() throws {
    let folder = try folder()
    for flags in [[], ["--swap"]] {
      let run = try folder.run(
        ["compare", "a.png", "-m", "mural", "-o", "s\(flags.count).png", "--norms", "batch,group"]
          + flags)
      #expect(run.status == (flags.isEmpty ? 0 : 1))
    }
    #expect(try folder.bytes("s0.png") != folder.bytes("s1.png"))
  }

  @Test func pageHasTheSheetAndASliderForEveryRow() throws {
    let folder = try folder()
    let run = try folder.run(
      "compare", "a.png", "-o", "s.png", "--norms", "batch,instance,layer", "--contrast", "1,0.5",
      "--html", "page.html")
    // Without stored statistics for the first.
    #expect(run.status == 1)
    let page = String(decoding: try folder.bytes("page.html"), as: UTF8.self)
    for words in [
      "a.png, contrast 1", "a.png, contrast 0.5", "parau-api under 3 norms",
      "2 rows of pictures: the original, then under each norm: batch", "after instance norm",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(page.components(separatedBy: "type=\"range\"").count == 3)
    #expect(
      page.contains(
        "<p class=\"lead\">swapped: this norm&#39;s statistics under weights that were trained with "
          + "instance norm</p>"))
    #expect(page.contains("<a href=\"a.png\"><bdi>a.png, contrast 1</bdi></a>"))
  }

  /// On the sheet and on the page, where files of one name are told apart.
  @Test func whatIsSwappedIsSaidWhereItIs() throws {
    let folder = try folder()
    try folder.picture("more/a.png", width: 24, height: 18, seed: 3)
    func sheet(_ name: String, _ arguments: String...) throws -> (height: Int, page: String) {
      let run = try folder.run(
        ["compare"] + arguments + ["-o", "\(name).png", "--html", "\(name).html"])
      #expect(run.status == 0)
      return (
        try folder.image("\(name).png").height,
        String(decoding: try folder.bytes("\(name).html"), as: UTF8.self)
      )
    }
    let swapped = try sheet("swapped", "a.png", "more/a.png", "--norms", "instance,layer")
    let own = try sheet("own", "a.png", "more/a.png", "--norms", "instance")
    #expect(swapped.height > own.height && !own.page.contains("swapped:"))
    for name in ["a.png", "more/a.png"] {
      #expect(own.page.contains("<a href=\"\(name)\"><bdi>\(name)</bdi></a>"))
    }
  }
}
