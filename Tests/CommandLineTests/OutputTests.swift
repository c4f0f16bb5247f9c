import Foundation
import ImageFiles
import TestSupport
import Testing

/// Where results go, in which format, and what they may not replace.
@Suite(.deadline(minutes: 5)) struct OutputTests {
  @Test(arguments: [
    (["a.png"], "b.png", "b.png"),
    (["a.png"], "deep/er/b.png", "deep/er/b.png"),
    (["a.png"], "out/", "out/a.png"),
    (["a.png"], "deep/er/", "deep/er/a.png"),
    (["a.png"], "existing", "existing/a.png"),
    (["a.png"], "b.png/", "b.png/a.png"),
    (["a.png", "b.jpg"], "out", "out/a.png"),
    (["a.png", "b.jpg"], "out", "out/b.jpg"),
    (["photos"], "out", "out/c.png"),
    (["photos/c.png"], "out/", "out/c.png"),
    (["photos", "a.png"], "out", "out/c.png"),
  ]) func isAFileOrADirectory(_ inputs: [String], _ output: String, _ expected: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    try folder.picture("b.jpg", format: .jpeg)
    try folder.picture("photos/c.png")
    try folder.directory("existing")
    let run = try folder.run(inputs + ["-o", output])
    #expect(run.status == 0)
    #expect(folder.exists(expected))
  }

  @Test(arguments: [
    ("a.png", ImageFormat.png, "keep", "a.png"),
    ("a.png", .png, "png", "a.png"),
    ("a.PNG", .png, "png", "a.PNG"),
    ("a.png", .png, "jpeg", "a.jpg"),
    ("a.jpeg", .jpeg, "keep", "a.jpeg"),
    ("a.jpeg", .jpeg, "jpeg", "a.jpeg"),
    ("a.JPG", .jpeg, "png", "a.png"),
    ("a.b.jpg", .jpeg, "png", "a.b.png"),
    ("a.jpg", .png, "keep", "a.png"),
    ("a.jpg", .png, "jpeg", "a.jpg"),
  ]) func extensionNamesTheFormatWritten(
    _ input: String, _ kind: ImageFormat, _ format: String, _ output: String
  ) throws {
    let folder = try Folder()
    try folder.picture("photos/\(input)", format: kind)
    #expect(try folder.run("photos", "-o", "out", "--format", "\(format)").status == 0)
    #expect(folder.files(in: "out") == [output])
    let written = try folder.format("out/\(output)")
    #expect(written.rawValue == (format == "keep" ? kind.rawValue : format))
  }

  @Test(arguments: [
    ("b.png", ImageFormat.png), ("b.jpg", .jpeg), ("b.jpeg", .jpeg), ("b.JPG", .jpeg),
  ]) func aFileNamedTakesItsFormatFromItsExtension(_ name: String, _ format: ImageFormat) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    #expect(try folder.run("a.png", "-o", "\(name)").status == 0)
    #expect(try folder.format(name) == format)
  }

  @Test func qualityAndCompressionChangeTheSizeOfFiles() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 64, height: 64)
    for (flag, values, kind) in [("-q", [1, 100], "jpg"), ("--compression", [9, 0], "png")] {
      for value in values {
        let run = try folder.run("a.png", "-o", "\(value).\(kind)", "\(flag)", "\(value)")
        #expect(run.status == 0)
      }
      let sizes = try values.map { try folder.bytes("\($0).\(kind)").count }
      #expect(sizes[0] < sizes[1])
    }
    #expect(try folder.image("0.png") == folder.image("9.png"))
  }

  @Test func transparencyIsKeptInPNGAndLaidOverWhiteInJPEG() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 32, height: 16, hasAlpha: true)
    let kept = try folder.run("a.png", "-o", "b.png")
    #expect(kept.status == 0)
    #expect(!kept.errors.contains("white"))
    let (before, after) = (try folder.image("a.png"), try folder.image("b.png"))
    #expect(after.pixels.hasAlpha)
    #expect(
      stride(from: 3, to: before.bytes.count, by: 4).allSatisfy {
        before.bytes[$0] == after.bytes[$0]
      })

    let flattened = try folder.run("a.png", "-o", "b.jpg", "-q", "100")
    #expect(flattened.status == 0)
    #expect(flattened.errors.contains("a.png: transparent, laid over white"))
    let jpeg = try folder.image("b.jpg")
    #expect(!jpeg.pixels.hasAlpha)
    #expect(jpeg.row(8).prefix(3 * 8).allSatisfy { $0 > 250 })
  }

  // MARK: Refused before work begins

  @Test func twoInputsForOneOutputAreRefusedWithAWayOut() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/a.jpg", format: .jpeg)
    try folder.picture("photos/b.png")
    try folder.picture("other/b.png")
    let formats = try folder.run("photos", "-o", "out", "--format", "png")
    #expect(formats.status == 2)
    #expect(
      formats.errors == "pastiche: photos/a.jpg and photos/a.png would both be written to "
        + "out/a.png; pass --format keep, or write them to different directories\n")
    let directories = try folder.run("photos", "other", "-o", "out")
    #expect(directories.status == 2)
    #expect(
      directories.errors == "pastiche: other/b.png and photos/b.png would both be written to "
        + "out/b.png; pass --base . to keep their directories, or write them to different ones\n")
    #expect(!folder.exists("out"))
    // What was advised helps.
    #expect(try folder.run("photos", "-o", "out", "--format", "keep").status == 0)
    #expect(try folder.run("photos", "other", "-o", "based", "--base", ".").status == 0)
    #expect(
      folder.files(in: "based")
        == ["other/b.png", "photos/a.jpg", "photos/a.png", "photos/b.png"])
  }

  @Test func allClashesAreNamedUpToTwenty() throws {
    let folder = try Folder()
    for number in 10...31 {
      for directory in ["x", "y"] { try folder.picture("\(directory)/\(number).png") }
    }
    try folder.picture("z/10.png")
    let run = try folder.run("x", "y", "z", "-o", "out")
    #expect(run.status == 2)
    let lines = run.errorLines
    #expect(lines.count == 23)
    #expect(lines[0] == "pastiche: 22 outputs are wanted by several pictures each:")
    #expect(
      lines[1] == "  x/10.png, y/10.png and z/10.png would all be written to out/10.png")
    #expect(lines[20] == "  x/29.png and y/29.png would both be written to out/29.png")
    #expect(lines[21] == "  2 more")
    #expect(
      lines[22] == "pass --base . to keep their directories, or write them to different ones")
  }

  @Test(arguments: [
    ["photos", "-o", "photos"],
    ["photos/a.png", "-o", "photos"],
    ["photos/a.png", "-o", "photos/a.png"],
    ["photos", "-o", "link"],
    ["photos/a.png", "-o", "soft.png"],
    ["photos/a.png", "-o", "hard.png"],
    ["photos/a.png", "photos/b.png", "-o", "swapped"],
  ]) func anOutputThatIsAnInputIsRefused(_ arguments: [String]) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png", seed: 1)
    try folder.picture("photos/b.png", seed: 2)
    try folder.link("link", to: "photos")
    try folder.link("soft.png", to: "photos/a.png")
    try folder.directory("swapped")
    try folder.link("swapped/a.png", to: "../photos/b.png")
    try FileManager.default.linkItem(
      atPath: "\(folder.path)/photos/a.png", toPath: "\(folder.path)/hard.png")
    let before = try [folder.bytes("photos/a.png"), folder.bytes("photos/b.png")]
    let run = try folder.run((arguments + ["--overwrite"]))
    #expect(run.status == 2)
    #expect(run.errors.contains("inputs are never written to"))
    #expect(try [folder.bytes("photos/a.png"), folder.bytes("photos/b.png")] == before)
    #expect(folder.files(in: "swapped") == ["a.png"])
  }

  // MARK: What is there already

  @Test func inADirectoryItIsSkippedUnlessToBeReplaced() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png")
    try folder.file("out/a.png", Array("mine".utf8))
    let run = try folder.run("photos", "-o", "out")
    #expect(run.status == 0)
    #expect(run.errors.contains("1 done, 1 skipped in"))
    #expect(run.errorLines.last?.contains("--overwrite") == true)
    #expect(try folder.bytes("out/a.png") == Array("mine".utf8))

    let all = try folder.run("photos", "-o", "out")
    #expect(all.status == 0)
    #expect(all.errors.contains("0 done, 2 skipped in"))

    let replaced = try folder.run("photos", "-o", "out", "--overwrite")
    #expect(replaced.status == 0)
    #expect(replaced.errors.contains("2 done in"))
    #expect(try folder.image("out/a.png").width == 12)
    #expect(folder.files(in: "out") == ["a.png", "b.png"])
  }

  @Test func forAFileItIsAnErrorUnlessToBeReplaced() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    try folder.file("b.png", Array("mine".utf8))
    let run = try folder.run("a.png", "-o", "b.png")
    #expect(run.status == 2)
    #expect(run.errors == "pastiche: b.png exists already; pass --overwrite to replace it\n")
    #expect(try folder.bytes("b.png") == Array("mine".utf8))
    #expect(try folder.run("a.png", "-o", "b.png", "--overwrite").status == 0)
    #expect(try folder.image("b.png").width == 12)
  }

  // MARK: The same bytes

  @Test func neitherThreadsNorChanceChangeAByte() throws {
    let folder = try Folder()
    for index in 1...3 {
      try folder.picture("photos/\(index).png", width: 40 + index, height: 64, seed: index)
    }
    for (output, jobs) in [("one", "1"), ("two", "2"), ("again", "2"), ("five", "5")] {
      #expect(try folder.run("photos", "-o", "\(output)", "-j", "\(jobs)").status == 0)
    }
    for name in ["1.png", "2.png", "3.png"] {
      let expected = try folder.bytes("one/\(name)")
      for output in ["two", "again", "five"] {
        #expect(try folder.bytes("\(output)/\(name)") == expected)
      }
    }
  }
}
