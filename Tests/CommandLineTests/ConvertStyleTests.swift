import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `pastiche convert STYLE`: a network that needs no base.
@Suite(.deadline(minutes: 5)) struct ConvertStyleTests {
  /// Above all the base's range and the style's colours are worked into other numbers.
  @Test(arguments: ["ink", "oil", "ink:7,oil:3"])
  func paintsTheSameWithoutTheBase(_ style: String) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 70, height: 50)
    try folder.directory("empty")
    let run = try folder.run("convert", "\(style)", "-o", "alone/full.safetensors")
    #expect(run.status == 2 && run.errors.contains("can't write to alone: No such file"))
    try folder.directory("alone")
    let made = try folder.run("convert", "\(style)", "-o", "alone/full.safetensors")
    #expect(made.status == 0 && made.output == "" && made.errors == "", "\(made.errors)")

    let network = try WeightFile(contentsOf: folder.path.appending("alone/full.safetensors"))
    #expect(network.metadata["kind"] == "network" && network.metadata["base"] == nil)
    #expect(network.metadata["name"] == "full")
    #expect(network.metadata["input_range"] == "0.0,255.0")
    #expect(network.tensors["color.matrix"] == nil && network.tensors["conv1.weight"] != nil)
    for flags in [[], ["--plain"], ["--norm", "layer"]] {
      #expect(try folder.run(["a.png", "-o", "b.png", "-m", style] + flags).status == 0)
      let full = try folder.run(
        ["a.png", "-o", "c.png", "-m", "alone/full.safetensors"] + flags,
        environment: ["PASTICHE_MODELS": "empty"])
      #expect(full.status == 0, "\(full.errors)")
      #expect(try #require(difference(folder.image("b.png"), folder.image("c.png"))) <= 1)
      for name in ["b.png", "c.png"] { try folder.remove(name) }
    }
  }

  @Test(arguments: ["ink:1,oil:1", "models/ink.safetensors", "./models/ink.safetensors:2"])
  func neverWritesToItsInput(_ style: String) throws {
    let folder = try Folder()
    for name in ["ink", "oil", "canvas"] { try folder.style(name, as: "models/\(name)") }
    let before = try folder.bytes("models/ink.safetensors")
    let run = try folder.run(
      "convert", "\(style)", "--models", "models", "-o", "models/ink.safetensors", "--overwrite")
    #expect(run.status == 2)
    #expect(run.errors.contains("inputs are never written to"))
    #expect(try folder.bytes("models/ink.safetensors") == before)
  }

  /// A file by its path, and what its style says of painting goes with it.
  @Test func keepsWhatTheStyleSays() throws {
    let folder = try Folder()
    for name in ["oil", "canvas"] { try folder.style(name, as: "mine/\(name)") }
    let run = try folder.run("convert", "mine/oil.safetensors", "-o", "full.safetensors")
    #expect(run.status == 0, "\(run.errors)")
    let (style, network) = try (
      WeightFile(contentsOf: folder.path.appending("mine/oil.safetensors")),
      WeightFile(contentsOf: folder.path.appending("full.safetensors"))
    )
    for key in ["best_size", "grain", "margin"] {
      let values = [network, style].map { $0.metadata[key].flatMap(Double.init) }
      #expect(values[0] != nil && values[0] == values[1], "\(key)")
    }
    for key in ["licence", "training", "norm"] {
      #expect(network.metadata[key] == style.metadata[key], "\(key)")
    }
  }

  @Test(
    arguments: [
      (["mural"], 2, "mural is a Pastiche style already, and needs no base"),
      (
        ["ink", "--licence", "CC0-1.0"], 2,
        "ink is a style and says its licence, training and numbers itself"
      ),
      (["ink:1,oil:1", "--training", "none"], 2, "is a style and says its licence"),
      (["ink", "--epsilon", "1e-3"], 2, "is a style and says its licence"),
      (["ink", "--norm", "batch"], 2, "in1.mean: missing"),
      (["ink:1,pastel:1"], 2, "ink and pastel can't be mixed"),
      (["ink:1,mural:1"], 2, "mural has convolutions of its own"),
      (["canvas"], 2, "a base, which styles share, and no style by itself"),
      (["alone/ink.safetensors"], 2, "made for the base \"canvas\""),
      (["ink,oil"], 64, "this takes one file or style, or a mixture"),
      (["ink:0"], 64, "one weight of a mixture must be above 0"),
    ] as [([String], Int32, String)])
  func whatIsNoStyleOnABaseIsRefused(
    _ arguments: [String], _ status: Int32, _ words: String
  ) throws {
    let folder = try Folder()
    if arguments[0].hasPrefix("alone") { try folder.style("ink", as: "alone/ink") }
    let models =
      arguments[0].hasPrefix("alone") ? "alone" : try TestStyles.shared.get().path.string
    let run = try folder.run(
      ["convert", "-o", "full.safetensors"] + arguments, environment: ["PASTICHE_MODELS": models])
    #expect(run.status == status)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(!folder.exists("full.safetensors"))
  }
}
