import Foundation
import SystemPackage
import TestSupport
import Testing

/// Nothing that a command reads is ever written to, whatever it is and however it was named, and no two
/// outputs are one file.
@Suite(.deadline(minutes: 5)) struct OutputFilesTests {
  /// Two pictures, a style with a variant and one on a base, and links to each of them.
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("photos/a.png", width: 24, height: 18)
    try folder.picture("photos/b.png", width: 20, height: 30, seed: 2)
    let styles = try TestStyles.shared.get()
    for name in ["mural", "mural.batch", "stored", "ink", "canvas"] {
      try FileManager.default.copyItem(
        atPath: styles.file(name).string, toPath: "\(folder.path)/\(name).safetensors")
    }
    for (link, file) in Self.links { try folder.link(link, to: file) }
    return folder
  }

  private static let links = [
    ("style.png", "mural.safetensors"), ("variant.png", "mural.batch.safetensors"),
    ("own.png", "ink.safetensors"), ("base.png", "canvas.safetensors"),
    ("picture.png", "photos/b.png"),
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    let command: [String]
    let style: String
    let flag: String
    let output: String
    let input: String

    var testDescription: String { "\(command[0]) -m \(style) \(flag) \(output)" }
  }

  static let cases: [Case] = {
    let commands: [(words: [String], flags: [String])] = [
      (["compare", "--norms", "instance"], ["-o", "--html"]), (["experiment", "contrast"], ["-o"]),
      (["preview"], ["-o", "--html"]), (["stats"], ["--html"]), (["stylize"], ["--html"]),
    ]
    let styles = [
      ("mural", "style.png", "mural.safetensors"),
      ("mural", "variant.png", "mural.batch.safetensors"), ("ink", "own.png", "ink.safetensors"),
      ("ink", "base.png", "canvas.safetensors"), ("ink", "picture.png", "photos/b.png"),
    ]
    let pictures = commands.flatMap { command in
      command.flags.flatMap { flag in
        styles.map { style, output, input in
          Case(command: command.words, style: style, flag: flag, output: output, input: input)
        }
      }
    }
    return pictures
      + ["mural.safetensors", "mural.batch.safetensors"].map {
        Case(command: ["calibrate"], style: "mural", flag: "-o", output: $0, input: $0)
      }
      + [
        Case(
          command: ["calibrate"], style: "ink", flag: "-o", output: "canvas.safetensors",
          input: "canvas.safetensors")
      ]
  }()

  @Test(arguments: cases)
  func whatIsReadIsNeverWrittenTo(_ test: Case) throws {
    let folder = try folder()
    let before = try contents(folder)
    let others = ["stats": [], "stylize": ["-o", "new/"]][test.command[0]] ?? ["-o", "new.png"]
    let sheet = test.flag == "--html" ? others : []
    let run = try folder.run(
      test.command + ["photos", "-m", "./\(test.style).safetensors", "--overwrite"] + sheet
        + [test.flag, test.output])
    #expect(run.status == 2)
    #expect(
      run.errors.contains("is the input ./\(test.input); inputs")
        || run.errors.contains("is the input \(test.input); inputs"), "\(run.errors)")
    #expect(try contents(folder) == before)
  }

  /// A painting goes through a link, but not over what it is painted with, nor over the list.
  @Test(arguments: links.dropLast())
  func noPaintingTakesThePlaceOfItsStyle(_ output: String, _ input: String) throws {
    let folder = try folder()
    let before = try contents(folder)
    let style = ["own.png", "base.png"].contains(output) ? "ink" : "mural"
    let run = try folder.run([
      "photos/a.png", "-o", output, "-m", "./\(style).safetensors", "--overwrite",
    ])
    #expect(run.status == 2)
    #expect(run.errors.contains("\(input); inputs are never written to"), "\(run.errors)")
    #expect(try contents(folder) == before)
  }

  @Test func noPaintingTakesThePlaceOfItsList() throws {
    let folder = try folder()
    let list = Array("photos/a.png\nphotos/b.png\n".utf8)
    try folder.file("list", list)
    try folder.directory("out")
    try folder.link("out/b.png", to: "../list")
    let run = try folder.run("--files-from", "list", "-o", "out", "--overwrite")
    #expect(run.status == 2)
    #expect(
      run.errors.contains("the output out/b.png is the input list; inputs"), "\(run.errors)")
    #expect(try folder.bytes("list") == list && folder.files(in: "out") == ["b.png"])
  }

  /// Two directories that a link makes one.
  @Test(arguments: [[], ["--overwrite"]])
  func picturesThatALinkBringsTogetherClash(_ flags: [String]) throws {
    let folder = try Folder()
    try folder.picture("in/one/x.png", width: 8, height: 8)
    try folder.picture("in/two/x.png", width: 9, height: 9)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/out/one", withIntermediateDirectories: true)
    try folder.link("out/two", to: "one")
    let run = try folder.run(["in", "-r", "-o", "out"] + flags)
    #expect(run.status == 2)
    #expect(
      run.errors.contains("in/one/x.png and in/two/x.png would both be written to out/one/x.png"),
      "\(run.errors)")
    #expect(folder.files(in: "out/one") == [])
  }

  /// A network for a style would take the place of the base that the style is read with.
  @Test func aStyleIsNotConvertedIntoItsBase() throws {
    let folder = try folder()
    let before = try contents(folder)
    let run = try folder.run(
      "convert", "./ink.safetensors", "-o", "canvas.safetensors", "--overwrite")
    #expect(run.status == 2 && run.errors.contains("is the input"), "\(run.errors)")
    #expect(try contents(folder) == before)
  }

  @Test(arguments: ["compare", "preview"], ["same.png", "photos/../same.png", "there.png"])
  func aSheetAndAPageAreTwoFiles(_ command: String, _ page: String) throws {
    let folder = try folder()
    try folder.file("there.png", [1])
    let sheet = page == "there.png" ? "there.png" : "same.png"
    let run = try folder.run([
      command, "photos", "-m", "./mural.safetensors", "-o", sheet, "--html", page, "--overwrite",
    ])
    #expect(run.status == 2)
    #expect(
      run.errors.contains("the output and the page are to be one file, \(page)"), "\(run.errors)")
    #expect(!folder.exists("same.png"))
  }

  private func contents(_ folder: Folder) throws -> [String: [UInt8]] {
    let names =
      Self.links.map(\.1) + ["photos/a.png", "stored.safetensors"]
    return try Dictionary(uniqueKeysWithValues: names.map { ($0, try folder.bytes($0)) })
  }
}
