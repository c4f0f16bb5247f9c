import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `pastiche train`
@Suite(.deadline(minutes: 5)) struct TrainTests {
  @Test func aStyleComesOutAndPaints() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let run = try trained.train("-o", "sunset.safetensors", "--iterations", "4", "-j", "1")
    #expect(run.status == 0 && run.output == "")
    let lines = run.errorLines
    #expect(lines.first?.hasPrefix("sunset: training ") == true)
    #expect(lines.first?.hasSuffix(" numbers on 3 photographs") == true)
    #expect(lines.dropFirst().first?.hasPrefix("sunset.safetensors: 4 iterations in ") == true)
    #expect(
      lines.last == "paint with it: pastiche photo.jpg -o painted.jpg -m ./sunset.safetensors")
    #expect(
      folder.files(in: "")
        == ["painting.png", "photos/1.png", "photos/2.png", "photos/3.png", "sunset.safetensors"])
    #expect(!folder.exists("sunset.training"))

    let file = try WeightFile(contentsOf: folder.path.appending("sunset.safetensors"))
    #expect(file.metadata["kind"] == "style" && file.metadata["base"] == "canvas")
    #expect(file.metadata["painting"] == "painting.png")
    #expect(file.metadata["loss"]?.hasPrefix("content ") == true)
    #expect(try folder.run("photos", "-o", "painted", "-m", "./sunset.safetensors").status == 0)
    #expect(try folder.image("painted/1.png") != folder.image("photos/1.png"))

    // The number of threads changes no byte.
    let again = try trained.train(
      "-o", "sunset.safetensors", "--iterations", "4", "-j", "2", "--overwrite")
    #expect(again.status == 0)
    #expect(try WeightFile(contentsOf: folder.path.appending("sunset.safetensors")) == file)
  }

  // MARK: Logs

  @Test func jsonIsOneEventALine() throws {
    let trained = try TrainingFolder()
    let run = try trained.train(
      "-o", "sunset.safetensors", "--log-format", "json", "--iterations", "3",
      "--checkpoint-every", "2")
    #expect(run.status == 0)
    let events = try run.events()
    #expect(
      events.compactMap { $0["event"] as? String } == [
        "began", "iteration", "iteration", "checkpoint", "iteration", "checkpoint", "finished",
        "note",
      ])
    #expect(run.iterations == [1, 2, 3])
    let iteration = try #require(events.last { $0["event"] as? String == "iteration" })
    for key in [
      "content", "style", "range", "lattice", "variation", "total", "rate", "gradient_norm",
      "seconds", "fraction",
    ] { #expect(iteration[key] is Double, "\(key)") }
    #expect(iteration["fraction"] as? Double == 1)
    #expect(events[0]["photographs"] as? Int == 3 && events[0]["styles"] as? [String] == ["sunset"])
    #expect(events[6]["path"] as? String == "sunset.safetensors")
    // By the clock the last one ends it.
    let timed = try trained.train(
      "-o", "timed.safetensors", "--minutes", "0.002", "--log-format", "json")
    #expect(timed.status == 0)
    let fractions = try timed.events().compactMap { $0["fraction"] as? Double }
    #expect(
      fractions.count > 0 && fractions.last == 1 && fractions.dropLast().allSatisfy { $0 < 1 })
    // What is refused is told so, too.
    let again = try trained.train("-o", "sunset.safetensors", "--log-format", "json", "--quiet")
    #expect(again.status == 2)
    let refusal = try #require(try again.events().first)
    #expect(
      refusal as? [String: String] == [
        "event": "refused",
        "error": "sunset.safetensors exists already; pass --overwrite to replace it",
      ])
    let quiet = try trained.train("-o", "b.safetensors", "--log-format", "json", "--quiet")
    #expect(quiet.status == 0 && quiet.errors == "" && quiet.output == "")
  }

  @Test func photographsThatCannotBeReadAreSkippedAndSaid() throws {
    let trained = try TrainingFolder()
    try trained.folder.file("photos/0.png")
    try trained.folder.file("photos/4.jpg", Array("no picture".utf8))
    let run = try trained.train("-o", "a.safetensors", "--iterations", "5")
    #expect(run.status == 0)
    #expect(run.errors.contains("photos/0.png: skipped: the file is empty; expected a PNG or JPEG"))
    #expect(run.errors.contains("photos/4.jpg: skipped: neither PNG nor JPEG"))
    #expect(trained.folder.exists("a.safetensors"))
  }

  // MARK: Several

  @Test func severalPaintingsGoToADirectory() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    try folder.picture("b.png", width: 64, height: 80, seed: 8)
    try folder.file("broken.png", [1, 2, 3])
    let arguments = ["-o", "styles", "--checkpoints", "deep/er", "--checkpoint-every", "1"]
    let paintings = ["--style", "painting.png", "broken.png", "b.png"]
    let run = try trained.train(arguments + paintings)
    #expect(run.status == 1)
    #expect(run.errors.contains("broken: failed: broken.png: neither PNG nor JPEG"))
    #expect(folder.files(in: "styles") == ["b.safetensors", "painting.safetensors"])
    let checkpoints = ["1", "2"].map { "iteration-00000\($0).safetensors" }
    for name in ["b", "painting"] { #expect(folder.files(in: "deep/er/\(name)") == checkpoints) }
    let painted = try folder.run(
      "photos/1.png", "-o", "painted", "-m", "styles/b.safetensors,styles/painting.safetensors")
    #expect(painted.status == 0)
    #expect(folder.files(in: "painted") == ["b/1.png", "painting/1.png"])

    // What is done isn't done again, and the rest is.
    let before = try folder.bytes("styles/b.safetensors")
    try folder.remove("styles/painting.safetensors")
    try folder.picture("broken.png", width: 64, height: 64, seed: 7)
    let rest = try trained.train(arguments + paintings + ["--resume"])
    #expect(rest.status == 0)
    #expect(rest.errorLines.contains("styles/b.safetensors is there already"))
    #expect(rest.errors.contains("going on from deep/er/painting/iteration-000002.safetensors"))
    #expect(try folder.bytes("styles/b.safetensors") == before)
    #expect(folder.files(in: "styles").count == 3)
  }

  @Test func fromNothingABaseIsMadeForAll() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    try folder.picture("b.png", width: 64, height: 80, seed: 8)
    let run = try trained.train(
      "--base", "none", "--width", "16", "--train", "all", "-o", "styles/", "--style", "b.png",
      "painting.png", "--iterations", "1", "--norm", "batch")
    #expect(run.status == 0)
    #expect(
      folder.files(in: "styles")
        == ["b.safetensors", "base.safetensors", "painting.safetensors"])
    #expect(!folder.exists("styles/base.training"))
    let painted = try folder.run(
      "photos/1.png", "-o", "painted", "-m", "styles/b.safetensors,styles/painting.safetensors")
    #expect(painted.status == 0)
    #expect(try folder.image("painted/b/1.png") != folder.image("painted/painting/1.png"))
    // A single one has its convolutions with it.
    let single = try trained.train(
      "--train", "all", "-o", "whole.safetensors", "--iterations", "1", "--norm", "group",
      "--groups", "2")
    #expect(single.status == 0)
    let file = try WeightFile(contentsOf: folder.path.appending("whole.safetensors"))
    #expect(file.metadata["kind"] == "network" && file.metadata["norm"] == "group")
  }

  /// The base that was trained with the norm is taken, where there is one.
  @Test(arguments: [("group", "canvas"), ("layer", "slate")])
  func aNormHasABaseOfItsOwn(_ norm: String, _ base: String) throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    for (name, of) in [("base", "slate"), ("base.group", "canvas")] {
      try folder.file("models/\(name).safetensors", TestStyles.shared.get().file(of).bytes)
    }
    let run = try trained.train("-o", "mine.safetensors", "--norm", norm, "--models", "models")
    #expect(run.status == 0, "\(run.errors)")
    let file = try WeightFile(contentsOf: folder.path.appending("mine.safetensors"))
    #expect(file.metadata["base"] == base && file.metadata["norm"] == norm)
  }

  // MARK: Looking on

  @Test func previewsAndAPageAreDrawn() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let arguments = [
      "-o", "a.safetensors", "--preview", "photos/1.png", "photos/2.png", "--preview-every", "1",
      "--html", "a.html",
    ]
    let run = try trained.train(arguments)
    #expect(run.status == 0, "\(run.errors)")
    let (sheet, page) = (
      try folder.image("a.png"), String(decoding: try folder.bytes("a.html"), as: UTF8.self)
    )
    // The photograph, and what is made of it before, after one iteration and after two.
    #expect(sheet.width > 4 * 240 && sheet.height > 2 * 40)
    #expect(page.hasSuffix("</html>\n") && page.contains("The making of a"))
    // A sheet that is somebody else's stays.
    try folder.remove("a.safetensors")
    try folder.remove("a.html")
    let again = try trained.train(arguments)
    #expect(again.status == 2)
    #expect(again.errors == "pastiche: a.png exists already; pass --overwrite to replace it\n")
  }
}
