import Foundation
import StyleModels
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@testable import ForeignWeights

/// Folders as lengstrom's demonstration has them, of a network of width 1 with one block.
@Suite struct TensorFlowWeightsTests {
  private let folder: TemporaryFolder

  /// The kernels' shapes, `[K, K, I, O]`, of the transposed ones `[K, K, O, I]`.
  private static let kernels = [
    [9, 9, 3, 1], [3, 3, 1, 2], [3, 3, 2, 4], [3, 3, 4, 4], [3, 3, 4, 4], [3, 3, 2, 4],
    [3, 3, 1, 2], [9, 9, 1, 3],
  ]
  private static let channels = [1, 2, 4, 4, 4, 2, 1, 3]

  /// Name, shape and values, all of them different.
  private static let variables = kernels.indices.flatMap { layer in
    [kernels[layer], [channels[layer]], [channels[layer]]].enumerated().map { part, shape in
      let number = 3 * layer + part
      return (
        name: number == 0 ? "Variable" : "Variable_\(number)", shape: shape,
        values: (0..<shape.reduce(1, *)).map { Float(number) + Float($0) / 1024 }
      )
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    var manifest: [String: Any] = [:]
    for variable in Self.variables {
      manifest[variable.name] = ["filename": variable.name, "shape": variable.shape]
      try folder.file(variable.name, holding: variable.values.withUnsafeBytes { Array($0) })
    }
    try write(manifest)
  }

  private func write(_ manifest: [String: Any]) throws {
    try folder.file(
      "manifest.json", holding: Array(JSONSerialization.data(withJSONObject: manifest)))
  }

  private func manifest() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(folder.bytes("manifest.json")))
    return try #require(object as? [String: Any])
  }

  private func converted() throws(ForeignWeightsError) -> ConvertedStyle {
    try TensorFlowWeights.styleModel(
      contentsOf: folder.path, name: "wave", licence: "CC0-1.0", training: "by hand")
  }

  @Test func everyVariableFindsItsPlace() throws {
    let model = try converted().model
    #expect(
      model.description
        == NetworkDescription(
          .fastStyleTransfer(FastStyleTransfer(width: 1, residualBlocks: 1)), epsilon: 1e-3))
    let layers = [
      "conv1", "conv2", "conv3", "res1.conv1", "res1.conv2", "deconv1", "deconv2", "deconv3",
    ]
    #expect(model.description.layers.map(\.name) == layers)
    #expect(model.weights.count == Self.variables.count)
    for (number, layer) in layers.enumerated() {
      let (kernel, beta, gamma) = (
        Self.variables[3 * number], Self.variables[3 * number + 1], Self.variables[3 * number + 2]
      )
      #expect(model.weights["\(layer).norm.beta"]?.values == beta.values)
      #expect(model.weights["\(layer).norm.gamma"]?.values == gamma.values)
      let weight = try #require(model.weights["\(layer).weight"])
      let isTransposed = ["deconv1", "deconv2"].contains(layer)
      let (size, a, b) = (kernel.shape[0], kernel.shape[2], kernel.shape[3])
      let (inputs, outputs) = isTransposed ? (b, a) : (a, b)
      #expect(weight.shape == [outputs, inputs, size, size])
      for (y, x, i, o) in [(0, 0, 0, 0), (size - 1, 1, inputs - 1, outputs - 1), (1, 2, 0, 0)] {
        let (first, second) = isTransposed ? (o, i) : (i, o)
        #expect(
          weight.values[((o * inputs + i) * size + y) * size + x]
            == kernel.values[((y * size + x) * a + first) * b + second])
      }
    }
  }

  @Test func theStyleIsWrittenAndReadAgain() throws {
    let model = try converted().model
    #expect(
      model.weightFile().metadata == [
        "format_version": "1", "kind": "network", "architecture": "fast-style-transfer",
        "width": "1", "residual_blocks": "1", "epsilon": "0.001", "input_range": "0.0,255.0",
        "norm": "instance", "groups": "4", "name": "wave", "licence": "CC0-1.0",
        "training": "by hand",
      ])
    let file = folder["wave.safetensors"]
    try model.write(to: file, replacing: false)
    #expect(try StyleModel(contentsOf: file) == model)
    #expect(throws: ForeignWeightsError.unpublishable("is fast-style-transfer")) {
      try PyTorchWeights.weightFile(of: model)
    }
  }

  @Test func theFolderIsKnownByItsManifest() throws {
    #expect(TensorFlowWeights.recognizes(folder.path))
    let manifest = folder["manifest.json"]
    #expect(TensorFlowWeights.recognizes(manifest))
    #expect(
      try TensorFlowWeights.styleModel(contentsOf: manifest, name: "wave").model.weights
        == converted().model.weights)
    #expect(!TensorFlowWeights.recognizes(folder["Variable"]))
    try folder.remove("manifest.json")
    #expect(!TensorFlowWeights.recognizes(folder.path))
    #expect(
      throws: ForeignWeightsError.tensorFlow([.unreadable("manifest.json", .noSuchFileOrDirectory)])
    ) { try converted() }
  }

  @Test func whatIsOtherwiseIsNamedAllAtOnce() throws {
    var manifest = try manifest()
    manifest["Variable_4"] = nil
    manifest["Variable_7"] = ["filename": "Variable_7", "shape": [5]]
    manifest["beta1_power"] = ["filename": "b", "shape": [Int]()]
    try write(manifest)
    #expect(
      throws: ForeignWeightsError.faults([
        .missing("Variable_4", expected: [2]),
        .misshaped("Variable_7", expected: [4], found: [5]), .surplus("beta1_power", found: []),
      ])
    ) { try converted() }
    manifest["Variable"] = ["filename": "Variable", "shape": [5, 5, 3, 1]]
    try write(manifest)
    #expect(
      throws: ForeignWeightsError.tensorFlow([.otherNetwork(variables: manifest.keys.sorted())])
    ) { try converted() }
  }

  @Test(arguments: ["../Variable", "/etc/passwd", "a/b", "", ".", ".."])
  func noFileElsewhereIsRead(_ file: String) throws {
    var manifest = try manifest()
    manifest["Variable_1"] = ["filename": file, "shape": [1]]
    try write(manifest)
    #expect(
      throws: ForeignWeightsError.tensorFlow([.fileElsewhere(variable: "Variable_1", file: file)])
    ) { try converted() }
  }

  @Test func brokenFilesAreRefused() throws {
    let bytes = try folder.bytes("Variable_3")
    for count in Array(0..<bytes.count) + [bytes.count + 1] {
      try folder.file("Variable_3", holding: Array((bytes + [0]).prefix(count)))
      #expect(
        throws: ForeignWeightsError.tensorFlow([
          .sizeMismatch(
            variable: "Variable_3", shape: [3, 3, 1, 2], expectedBytes: 72, foundBytes: count)
        ])
      ) { try converted() }
    }
    try folder.file("Variable_3", holding: Array(bytes.dropLast(4)) + [0, 0, 0x80, 0x7F])
    #expect(
      throws: ForeignWeightsError.tensorFlow([
        .nonFinite(variable: "Variable_3", count: 1, firstIndex: 17)
      ])
    ) { try converted() }
    try folder.remove("Variable_3")
    try folder.directory("Variable_3")
    #expect(throws: ForeignWeightsError.tensorFlow([.notARegularFile("Variable_3")])) {
      try converted()
    }
    // All at once.
    try folder.remove("Variable_1")
    #expect(
      throws: ForeignWeightsError.tensorFlow([
        .unreadable("Variable_1", .noSuchFileOrDirectory), .notARegularFile("Variable_3"),
      ])
    ) { try converted() }
  }

  @Test func brokenManifestsAreRefused() throws {
    let whole = try folder.bytes("manifest.json")
    let truncations = whole.indices.map { Array(whole[..<$0]) }
    for bytes in truncations + Mutations(of: whole, seed: 5).some(2000) {
      try folder.file("manifest.json", holding: bytes)
      // Whatever it says: a style, or a reason.
      do throws(ForeignWeightsError) { _ = try converted() } catch {
        #expect(!error.description.isEmpty)
      }
    }
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
    for (bytes, fault) in [
      ([], TensorFlowFault.malformedManifest), (Array("[]".utf8), .malformedManifest),
      (deep, .malformedManifest),
      (deep + deep, .manifestTooLong(bytes: 2 << 20, limit: VariableFolder.manifestLimit)),
    ] {
      try folder.file("manifest.json", holding: bytes)
      #expect(throws: ForeignWeightsError.tensorFlow([fault])) { try converted() }
    }
  }

  /// The published wave, where `PASTICHE_SHARED` names the directory that holds it.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PASTICHE_SHARED"] != nil))
  func publishedVariablesConvert() throws {
    let shared = try #require(ProcessInfo.processInfo.environment["PASTICHE_SHARED"])
    let converted = try TensorFlowWeights.styleModel(
      contentsOf: FilePath("\(shared)/data/weights/lengstrom_wave"), name: "wave")
    #expect(
      converted.model.description.architecture
        == .fastStyleTransfer(FastStyleTransfer(width: 32)))
    #expect(converted.notes.isEmpty)
  }
}
