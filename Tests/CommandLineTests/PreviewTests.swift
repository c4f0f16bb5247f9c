import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `pastiche preview`
@Suite(.deadline(minutes: 5)) struct PreviewTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("a.png", width: 24, height: 18)
    try folder.picture("b.png", width: 20, height: 30, seed: 2)
    return folder
  }

  private func preview(_ arguments: String..., in folder: Folder) throws -> Ended {
    try folder.run(["preview"] + arguments)
  }

  @Test func sheetIsAsWideAsAskedAndHasEveryPictureInEveryStyle() throws {
    let folder = try folder()
    for (name, width, inputs) in [
      ("s.png", 1280, ["a.png"]), ("t.jpg", 400, ["a.png"]), ("two.png", 400, ["a.png", "b.png"]),
    ] {
      let flags = width == 1280 ? [] : ["--width", "\(width)"]
      let run = try folder.run(["preview", "-o", name, "-m", "ink,oil,mural"] + flags + inputs)
      #expect(run.status == 0 && run.output == "" && run.errors == "", "\(run.errors)")
      // What remains when cells share it.
      #expect(try (width - 4...width).contains(folder.image(name).width))
    }
    #expect(try folder.format("t.jpg") == .jpeg)
    let (one, two) = (try folder.image("t.jpg"), try folder.image("two.png"))
    #expect(two.height > one.height + 2 * 30)
  }

  @Test func sheetDependsOnTheStylesAndRepeatsToTheByte() throws {
    let folder = try folder()
    let lists = ["ink,oil", "oil,ink", "ink,chalk", "ink", "ink:1,oil:1", "ink,oil,chalk"]
    var sheets: [[UInt8]] = []
    for list in lists {
      for threads in ["1", "3"] {
        let run = try preview(
          "a.png", "-o", "\(sheets.count).png", "-m", list, "-j", threads, in: folder)
        #expect(run.status == 0)
        sheets.append(try folder.bytes("\(sheets.count).png"))
      }
      #expect(sheets[sheets.count - 2] == sheets[sheets.count - 1])
    }
    #expect(Set(sheets).count == lists.count)
  }

  @Test func listsAreShownOneAfterTheOther() throws {
    let folder = try folder()
    let variants = [["-m", "ink,oil,chalk"], ["-m", "ink", "-m", "oil,chalk"]]
    for (index, flags) in (variants + [["-m", "ink", "-m", "oil:1,chalk:1"]]).enumerated() {
      #expect(try folder.run(["preview", "a.png", "-o", "\(index).png"] + flags).status == 0)
    }
    #expect(try folder.bytes("0.png") == folder.bytes("1.png"))
    #expect(try folder.bytes("0.png") != folder.bytes("2.png"))
  }

  /// Without `-m` all are shown.
  @Test func everyStyleAtHandIsShown() throws {
    let folder = try folder()
    #expect(try preview("a.png", "-o", "s.png", in: folder).status == 0)
    #expect(try preview("a.png", "-o", "all.png", "-m", "all", in: folder).status == 0)
    #expect(try folder.bytes("s.png") == folder.bytes("all.png"))
    try folder.file("styles/broken.safetensors", [1])
    let run = try preview("a.png", "-o", "t.png", "--models", "styles", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("pastiche: styles/broken.safetensors: 1 bytes are too few"))
    #expect(try folder.bytes("t.png") == folder.bytes("all.png"))
  }

  @Test func pageHasASliderForEveryStyleOfEveryPicture() throws {
    let folder = try folder()
    let run = try preview(
      "a.png", "b.png", "-o", "s.png", "-m", "ink,oil,mural", "--html", "page.html", in: folder)
    #expect(run.status == 0)
    let page = String(decoding: try folder.bytes("page.html"), as: UTF8.self)
    for name in ["a.png", "b.png"] {
      #expect(page.contains("<h3><a href=\"\(name)\"><bdi>\(name)</bdi></a></h3>"))
    }
    for style in ["ink", "oil", "mural"] {
      #expect(page.split(separator: "<strong><bdi>\(style)</bdi></strong>").count == 3)
      #expect(page.split(separator: "<li>-m \(style)</li>").count == 3)
    }
    #expect(page.contains("<p class=\"tally\">6 paintings</p>"))
    #expect(page.matches(of: /<input type="range"/).count == 6)
    #expect(page.contains("In 3 styles"))
    // Both photographs, and each painting.
    #expect(Set(page.matches(of: /src="(data:image[^"]*)"/).map { $0.1 }).count == 8)
  }

  /// As it has to be typed, not as it is called.
  @Test(arguments: ["./my.safetensors", "./my.safetensors:2,oil:1"])
  func pageTellsHowToAskForAStyle(_ style: String) throws {
    let folder = try folder()
    try folder.style("ink", as: "my")
    let run = try preview(
      "a.png", "-o", "s.png", "-m", "\(style)", "--html", "page.html", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let page = String(decoding: try folder.bytes("page.html"), as: UTF8.self)
    #expect(page.contains("<li>-m \(style)</li>"))
  }

  @Test func whatIsThereIsKept() throws {
    let folder = try folder()
    for name in ["s.png", "page.html"] { try folder.file(name, [1]) }
    for arguments in [["-o", "s.png"], ["-o", "t.png", "--html", "page.html"]] {
      let run = try folder.run(["preview", "a.png", "-m", "ink"] + arguments)
      #expect(run.status == 2)
      #expect(run.errors.contains("exists already"))
    }
    for name in ["s.png", "page.html"] { #expect(try folder.bytes(name) == [1]) }
    let again = try preview(
      "a.png", "-o", "s.png", "-m", "ink", "--html", "page.html", "--overwrite", in: folder)
    #expect(again.status == 0)
    #expect(try folder.image("s.png").width > 100 && folder.bytes("page.html").count > 1000)
    #expect(folder.files(in: "") == ["a.png", "b.png", "page.html", "s.png"])
  }

  /// However it is named.
  @Test(
    arguments: ["preview", "compare", "experiment"], ["b.png", "./b.png", "soft.png", "hard.png"])
  func inputsAreNeverWrittenTo(_ command: String, _ output: String) throws {
    let folder = try folder()
    try folder.link("soft.png", to: "b.png")
    try FileManager.default.linkItem(
      atPath: "\(folder.path)/b.png", toPath: "\(folder.path)/hard.png")
    let before = try folder.bytes("b.png")
    let words = command == "experiment" ? [command, "contrast"] : [command]
    // Experiments have no page.
    let places = [["-o", output], ["-o", "new.png", "--html", output]]
    for flags in places.prefix(command == "experiment" ? 1 : 2) {
      let run = try folder.run(words + ["a.png", "b.png", "-m", "ink", "--overwrite"] + flags)
      #expect(run.status == 2)
      #expect(
        run.errors.contains("is the input b.png; inputs are never written to"), "\(run.errors)")
    }
    #expect(try folder.bytes("b.png") == before)
    #expect(folder.files(in: "") == ["a.png", "b.png", "hard.png", "soft.png"])
  }

  @Test func aBrokenPictureIsToldOnceAndTheOthersAreShown() throws {
    let folder = try folder()
    try folder.file("c.png")
    let alone = try preview("a.png", "b.png", "-o", "ab.png", "-m", "ink,oil", in: folder)
    #expect(alone.status == 0)
    let run = try preview(
      "a.png", "c.png", "b.png", "-o", "s.png", "-m", "ink,oil", "--html", "page.html", in: folder)
    #expect(run.status == 1)
    #expect(run.errorLines.count == 1 && run.errors.hasPrefix("c.png: failed: the file is empty"))
    #expect(try folder.bytes("s.png") == folder.bytes("ab.png"))
    #expect(try String(decoding: folder.bytes("page.html"), as: UTF8.self).contains("1 failed"))
  }

  @Test(
    arguments: [
      (["c.png", "-o", "s.png"], 2, "c.png: failed: the file is empty"),
      (["nosuch.png", "c.png", "-o", "s.png", "--html", "page.html"], 2, "nosuch.png: failed: "),
      (["a.png", "-o", "s.png", "--memory", "1K"], 2, "a.png: failed: needs "),
      (["empty", "-o", "s.png"], 2, "no pictures found"),
      (["a.png", "-o", "nowhere/s.png"], 2, "can't write to nowhere: No such file"),
      (["a.png", "-o", "a.png/s.png"], 2, "can't write to a.png: Not a directory"),
      (["a.png", "-o", "s.png", "-m", "nosuch"], 2, "no style \"nosuch\""),
      (["a.png", "-o", "s.png", "-m", "ink,oil,ink"], 2, "two styles are named ink"),
      (["a.png", "-o", "s.gif"], 64, "must end in .png, .apng, .jpg, .jpeg, .jpe or .jfif"),
      (["a.png", "-o", "s/"], 64, "must end in .png, .apng, .jpg, .jpeg, .jpe or .jfif"),
      (["a.png"], 64, "Missing expected argument '--output <file>'"),
      (["-o", "s.png"], 64, "Missing expected argument '<image> ...'"),
      (["a.png", "-o", "s.png", "--width", "319"], 64, "--width must be in 320...16384"),
      (["a.png", "-o", "s.png", "--html", "-"], 64, "--html must name a file"),
    ] as [([String], Int32, String)])
  func badInputIsAClearErrorAndLeavesNothing(
    _ arguments: [String], _ status: Int32, _ words: String
  ) throws {
    let folder = try folder()
    try folder.file("c.png")
    try folder.directory("empty")
    let style = arguments.contains("-m") ? [] : ["-m", "ink"]
    let run = try folder.run(["preview"] + arguments + style)
    #expect(run.status == status)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(folder.files(in: "") == ["a.png", "b.png", "c.png"])
  }

  @Test func anInterruptedOneLeavesNothing() throws {
    let folder = try Folder()
    try folder.picture("large.png", width: 800, height: 800)
    try folder.directory("photos")
    // Many seconds of work, whatever the build.
    for name in 10..<90 { try folder.link("photos/\(name).png", to: "../large.png") }
    // Words on the first tell that it has begun.
    try folder.file("photos/0.png")
    let words = try FileDescriptor.pipe()
    defer { try? words.readEnd.close() }
    let running = try folder.start(
      [
        "preview", "photos", "-o", "s.png", "-m", "ink,oil,mural", "--html", "page.html", "-j", "1",
      ],
      standardError: .terminal(words.writeEnd))
    try words.writeEnd.close()
    var first: [UInt8] = [0]
    #expect(try first.withUnsafeMutableBytes { try words.readEnd.read(into: $0) } == 1)
    running.send(SIGTERM)
    let run = try running.wait()
    #expect(run.status == 143)
    #expect(run.output == "")
    #expect(folder.files(in: "").filter { !$0.hasPrefix("photos/") } == ["large.png"])
  }
}
