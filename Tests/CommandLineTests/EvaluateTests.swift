import Foundation
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `pastiche evaluate`
@Suite(.deadline(minutes: 5)) struct EvaluateTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("painting.png", width: 72, height: 64, seed: 9)
    try folder.picture("photos/a.png", width: 23, height: 17)
    try folder.picture("photos/b.png", width: 40, height: 33, seed: 2)
    return folder
  }

  private func evaluate(
    _ folder: Folder, _ arguments: String..., style: String = "ink"
  ) throws -> Ended {
    try folder.run(
      ["evaluate", "-m", style, "--style", "painting.png", "--style-size", "64"] + arguments)
  }

  /// The document, whose terms are all numbers.
  private struct Document: Decodable {
    struct Terms: Decodable {
      let content, style, range, lattice, fine, total: Double
    }

    struct Losses: Decodable {
      let path: String?
      let painted, untouched: Terms
    }

    let style, painting, lossNetwork: String
    let images: [Losses]
    let mean: Losses

    init(_ run: Ended) throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Self.self, from: Data(run.output.utf8))
    }
  }

  @Test func documentHasThePaintedAndTheUntouchedOfEveryPicture() throws {
    let folder = try folder()
    let run = try evaluate(folder, "photos", "--json", "-j", "1")
    #expect(run.status == 0 && run.errors == "")
    let document = try Document(run)
    #expect(document.style == "ink" && document.painting == "painting.png")
    #expect(document.lossNetwork.hasSuffix("Models/loss-network.safetensors"))
    #expect(document.images.map(\.path) == ["photos/a.png", "photos/b.png"])
    for losses in document.images + [document.mean] {
      #expect(losses.painted.content > 0 && losses.untouched.content == 0)
      #expect(losses.untouched.range == 0)
      for terms in [losses.painted, losses.untouched] {
        #expect(terms.style > 0 && terms.lattice > 0)
        let total =
          terms.content + 3 * terms.style + terms.range + 200 * terms.lattice + 100 * terms.fine
        #expect(abs(terms.total - total) < 1e-9 * total)
      }
    }
    for term: KeyPath<Document.Terms, Double> in [
      \.content, \.style, \.range, \.lattice, \.fine, \.total,
    ] {
      let sum = document.images.reduce(0) { $0 + $1.painted[keyPath: term] }
      #expect(abs(document.mean.painted[keyPath: term] - sum / 2) <= 1e-9 * sum)
    }
    #expect(try evaluate(folder, "photos", "--json", "-j", "2").output == run.output)

    // With a loss network and weights of one's own.
    try TinyLossNetwork.file.write(
      to: folder.path.appending("loss.safetensors"), replacing: false)
    let other = try Document(
      evaluate(
        folder, "photos/a.png", "--json", "--loss-network", "loss.safetensors", "--style-weight",
        "0"))
    #expect(other.lossNetwork == "loss.safetensors" && other.images.count == 1)
    let (painted, known) = (other.mean.painted, document.images[0].painted)
    #expect(painted.content != known.content && painted.style != known.style)
    let total =
      painted.content + painted.range + 200 * painted.lattice + 100 * painted.fine
    #expect(abs(painted.total - total) < 1e-9 * total)
    let first = try Document(
      evaluate(folder, "photos/a.png", "--json", "--content-layers", "relu1_1")
    ).mean.painted
    #expect(first.content != known.content && first.style == known.style)
  }

  @Test func tableHasALineForEachPictureAndTheMean() throws {
    let folder = try folder()
    let run = try evaluate(folder, "photos/b.png", "photos/a.png")
    #expect(run.status == 0 && run.errors == "")
    let lines = run.output.split(separator: "\n")
    #expect(Set(lines.map(\.count)).count == 1)
    let cells = lines.map { $0.split(separator: " ").map(String.init) }
    #expect(cells[0] == ["image", "content", "style", "total", "painted", "total", "untouched"])
    #expect(cells.dropFirst().map { $0[0] } == ["photos/b.png", "photos/a.png", "mean"])
    for column in 1...4 {
      let values = cells.dropFirst().compactMap { Double($0[column]) }
      try #require(values.count == 3)
      #expect(abs(values[2] - (values[0] + values[1]) / 2) < 2e-4)
    }
  }

  /// What a training is held to, of the style that came of it: less than of those it began with.
  @Test func aStyleIsNearerToItsPainting() throws {
    let trained = try TrainingFolder()
    let run = try trained.train("-o", "new.safetensors", "--iterations", "20", "--rate", "0.05")
    #expect(run.status == 0)
    func total(_ style: String) throws -> Double {
      try Document(
        trained.folder.run(
          "evaluate", "-m", "\(style)", "--style", "painting.png", "--style-size", "64", "photos",
          "--json")
      ).mean.painted.total
    }
    let old = try total("ink:1,oil:1,chalk:1")
    #expect(try total("./new.safetensors") < 0.8 * old)
  }

  @Test func largerPicturesAreShrunkFirst() throws {
    let folder = try folder()
    try folder.picture("large.png", width: 70, height: 35)
    let whole = try evaluate(folder, "large.png").output
    #expect(try evaluate(folder, "large.png", "--max-side", "33").output != whole)
  }

  @Test func picturesThatFailAreToldAndTheOthersReported() throws {
    let folder = try folder()
    try folder.file("photos/c.png")
    try folder.picture("photos/d.png", width: 15, height: 40)
    let run = try evaluate(folder, "photos", "nosuch.png", "--json")
    #expect(run.status == 1)
    #expect(try Document(run).images.count == 2)
    #expect(
      run.errorLines == [
        "photos/c.png: failed: the file is empty; expected a PNG or JPEG picture",
        "photos/d.png: failed: 15x40 pixels, but a side has at least 16 where its loss is found; "
          + "take a larger one, or give a larger --max-side",
        "nosuch.png: failed: can't be read: No such file or directory",
      ])
    let none = try evaluate(folder, "photos/c.png", "photos/d.png")
    #expect(none.status == 2 && none.output == "" && none.errorLines.count == 2)
  }

  @Test(
    arguments: [
      (["photos", "-m", "nosuch"], 2, "no style \"nosuch\"; there are "),
      (["photos", "--style", "photos/a.png"], 2, "photos/a.png has 23×17 pixels; a side of 64 is"),
      (["photos", "--loss-network", "painting.png"], 2, "pastiche: painting.png: "),
      (["empty"], 2, "no pictures found"),
      ([], 64, "<image>"),
    ] as [([String], Int32, String)])
  func badInputIsAClearError(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let folder = try folder()
    try folder.directory("empty")
    var all = ["evaluate"] + arguments
    for (flag, value) in [("-m", "ink"), ("--style", "painting.png")] where !all.contains(flag) {
      all += [flag, value]
    }
    let run = try folder.run(all)
    #expect(run.status == status)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(run.output == "")
  }

  /// A style whose paintings are beyond all bounds.
  @Test func lossesThatAreNoNumbersFail() throws {
    let folder = try folder()
    func evaluate(_ style: WeightFile) throws -> Ended {
      try style.write(to: folder.path.appending("wild.safetensors"), replacing: true)
      return try self.evaluate(folder, "photos/a.png", style: "./wild.safetensors")
    }
    var style = TestStyles.style("wild", seed: 1)
    func enlarge(by factor: Float) {
      for (index, value) in (style.tensors["deconv3.weight"]?.values ?? []).enumerated() {
        style.tensors["deconv3.weight"]?.values[index] = factor * value
      }
    }
    enlarge(by: 1e20)
    let run = try evaluate(style)
    #expect(run.status == 2)
    #expect(
      run.errors == "photos/a.png: failed: the loss is no finite number; the style's weights are "
        + "unusable\n")
    // As far as numbers go they are told, neither rounded nor clamped.
    enlarge(by: 1e-12)
    let far = try evaluate(style)
    #expect(far.status == 0 && far.output.contains("e+"))
  }

  @Test func itCanBeEnded() throws {
    let folder = try folder()
    try folder.picture("large.png", width: 600, height: 400)
    let names = (1...200).map { "\($0).png" }
    try folder.directory("many")
    for name in names { try folder.link("many/\(name)", to: "../large.png") }
    let running = try folder.start([
      "evaluate", "-m", "ink", "--style", "painting.png", "many", "--style-size", "64",
    ])
    usleep(400_000)
    running.send(SIGINT)
    let ended = try running.wait()
    // A signal that comes before the program does ends it at once.
    #expect([130, -SIGINT].contains(ended.status))
    #expect(ended.output == "" && ended.errors == "")
  }
}
