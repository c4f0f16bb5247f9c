import Foundation
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `pastiche convert FILE`: from other programs' files and to them.
@Suite(.deadline(minutes: 5)) struct ConvertFileTests {
  private static let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("ForeignWeightsTests/Fixtures")

  private func tensors(_ folder: Folder, _ name: String) throws -> [String: StoredTensor] {
    try WeightFile(contentsOf: folder.path.appending(name)).tensors
  }

  @Test(arguments: ["archive.pth", "stream.pth", "half.pth"])
  func aCheckpointBecomesAStyle(_ name: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let file = Self.fixtures.appending(name).string
    let run = try folder.run(
      "convert", "\(file)", "-o", "o'clock.safetensors", "--licence", "CC0-1.0")
    #expect(run.status == 0 && run.output == "", "\(run.errors)")
    #expect(run.errors.contains("fast-neural-style: width "))
    #expect(run.errorLines.last?.hasSuffix("-m 'o'\\''clock.safetensors'") == true, "\(run.errors)")
    #expect(try folder.run("a.png", "-o", "b.png", "-m", "o'clock.safetensors").status == 0)
    // What it is for the other commands.
    let named = try folder.run("a.png", "-o", "c.png", "-m", "./theirs.safetensors")
    #expect(named.status == 2)
    try folder.file("theirs.safetensors", Array(Data(contentsOf: URL(fileURLWithPath: file))))
    let refused = try folder.run("a.png", "-o", "c.png", "-m", "./theirs.safetensors")
    #expect(
      refused.errors.contains("not a safetensors file but a PyTorch file; `pastiche convert` makes")
    )
  }

  /// Out and in again, to the bit, whatever the norm.
  @Test(arguments: [
    ("mural", []), ("ink", []), ("ink:3,oil:1", []), ("ink", ["--norm", "layer"]),
    ("ink", ["--norm", "group", "--groups", "2"]), ("mural", ["--norm", "batch-live"]),
    ("stored", ["--norm", "batch", "--swap"]),
  ])
  func aStyleGoesOutAndComesIn(_ style: String, _ norm: [String]) throws {
    let folder = try Folder()
    let whole =
      try folder.run(["convert", style, "-o", "whole.safetensors"] + norm).status == 0
    let out = try folder.run(["convert", style, "-o", "a.onnx"] + norm)
    #expect(out.status == 0, "\(out.errors)")
    let again = try folder.run("convert", "a.onnx", "-o", "b.safetensors")
    #expect(again.status == 0, "\(again.errors)")
    let names = try folder.run(["convert", style, "-o", "c.safetensors", "--pytorch-names"] + norm)
    #expect(names.status == 0, "\(names.errors)")
    #expect(try tensors(folder, "c.safetensors")["deconv3.conv2d.bias"] != nil)
    let back = try folder.run(
      "convert", "c.safetensors", "-o", "d.safetensors", "--norm",
      norm.contains("batch") ? "batch" : "instance")
    #expect(back.status == 0, "\(back.errors)")
    let found = try tensors(folder, "b.safetensors")
    if whole { #expect(try found == tensors(folder, "whole.safetensors")) }
    let weights = found.filter { !$0.key.hasSuffix(".mean") && !$0.key.hasSuffix(".variance") }
    let named = try tensors(folder, "d.safetensors").filter {
      !$0.key.hasSuffix(".mean") && !$0.key.hasSuffix(".variance")
    }
    #expect(weights == named)
    if let kind = norm.dropFirst().first {
      let metadata = try WeightFile.metadata(of: folder.path.appending("b.safetensors"))
      #expect(metadata["norm"] == kind)
    }
  }

  @Test(arguments: [
    (
      ["a.onnx", "--norm", "layer"], "a.onnx: says its network's norm itself; leave it to the file"
    ),
    (["a.onnx", "--epsilon", "1e-3", "--range", "0...1"], "its network's epsilon itself"),
    (["archive.pth", "--norm", "batch-live"], "no norm to be trained with"),
    (["archive.pth", "--epsilon", "0"], "epsilon"),
    (["whole_module_is_refused.pth"], "state_dict"),
    (["cut.pth"], "cut.pth: "), (["nothing/"], "nothing: "),
  ])
  func whatCanNotBeIsRefused(_ arguments: [String], _ words: String) throws {
    let folder = try Folder()
    for name in ["archive.pth", "whole_module_is_refused.pth"] {
      try folder.file(
        name,
        Array(
          Data(
            contentsOf: URL(
              fileURLWithPath: Self.fixtures.appending(name).string))))
    }
    try folder.file("cut.pth", Array(folder.bytes("archive.pth").prefix(3000)))
    try folder.directory("nothing")
    #expect(try folder.run("convert", "mural", "-o", "a.onnx").status == 0)
    let before = folder.files(in: "")
    let run = try folder.run(["convert"] + arguments + ["-o", "out.safetensors"])
    #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
    #expect(folder.files(in: "") == before)
  }

  @Test func usageIsTold() throws {
    let folder = try Folder()
    for (arguments, words) in [
      (["-o", "a.txt"], "must end in .safetensors or .onnx"),
      (["-o", "a.onnx", "--pytorch-names"], "ends in .safetensors"),
      (["-o", "a.onnx", "--groups", "2"], "--norm group"),
      (["-o", "a.onnx", "--range", "1...0"], "--range"),
    ] {
      let run = try folder.run(["convert", "mural"] + arguments)
      #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
    }
  }
}
