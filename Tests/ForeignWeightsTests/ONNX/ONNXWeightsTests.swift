import Foundation
import StyleModels
import SwiftProtobuf
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@testable import ForeignWeights

/// Files of PyTorch's exporters, whose weights are those that they were made of.
@Suite struct ONNXWeightsTests {
  @Test(arguments: [
    "width1_trace_9", "width1_trace_10_open", "width1_trace_11_open", "width1_trace_17_open",
    "width1_trace_20_open", "width1_trace_17_half", "width1_trace_9_slim", "width1_trace_11_var",
    "width1_trace_17_expand_open", "width1_trace_13_sizes_open", "width1_dynamo_18",
    "width1_dynamo_20_external",
  ])
  func instanceNorm(_ name: String) throws {
    try check(name, NetworkDescription(width: 1, residualBlocks: 1), weights: "width1")
  }

  @Test func rangeIsTheFiles() throws {
    try check(
      "width1_trace_17_unit_open",
      NetworkDescription(width: 1, residualBlocks: 1, inputRange: 0...1), weights: "width1")
  }

  @Test func otherNorms() throws {
    try check(
      "width1_trace_17_layer_open", NetworkDescription(width: 1, residualBlocks: 1, norm: .layer),
      weights: "width1")
    for name in ["width2_trace_9_group_open", "width2_dynamo_21_group"] {
      try check(
        name, NetworkDescription(width: 2, residualBlocks: 1, norm: .group, groups: 2),
        weights: "width2")
    }
    try check(
      "width1_trace_13_batch", NetworkDescription(width: 1, residualBlocks: 1, norm: .batch),
      weights: "width1_batch")
  }

  /// Up to version 20 a norm has a number for each group, which all of the group's channels get.
  @Test func groupNormOfVersion18() throws {
    let model = try style("width2_helper_18_group").model
    #expect(
      model.description
        == NetworkDescription(width: 2, residualBlocks: 1, norm: .group, groups: 2))
    #expect(model.weights["in1.gamma"]?.values == [0.5, -2])
    #expect(model.weights["in2.gamma"]?.values == [0.5, 0.5, -2, -2])
    #expect(model.weights["in2.beta"]?.values == [0.25, 0.25, 3, 3])
    #expect(model.weights["conv1.weight"] == (try ONNXFixtures.weights("width2"))["conv1.weight"])
  }

  /// Batch norms that were worked into the convolutions are ones that change nothing.
  @Test func foldedBatchNorm() throws {
    let model = try style("width1_trace_17_folded").model
    #expect(model.description == NetworkDescription(width: 1, residualBlocks: 1, norm: .batch))
    let batch = try ONNXFixtures.weights("width1_batch")
    func value(_ name: String, of weights: [String: StoredTensor]) throws -> Float {
      try #require(weights[name]?.values.first)
    }
    let scale =
      try value("in1.gamma", of: batch) / (value("in1.variance", of: batch) + 1e-5).squareRoot()
    let weight = try value("conv1.weight", of: batch) * scale
    #expect(abs(try value("conv1.weight", of: model.weights) - weight) < 1e-5 * abs(weight))
    #expect(try value("in1.gamma", of: model.weights) == 1)
    #expect(try value("in1.mean", of: model.weights) == 0)
    #expect(try value("in1.variance", of: model.weights) == 1 - 1e-5)
  }

  /// Values beside a file are read by a plain name, from there alone.
  @Test func valuesInAnotherFile() throws {
    let name = "width1_dynamo_20_external.onnx"
    let bytes = try ONNXFixtures.path(name).bytes
    #expect(throws: ForeignWeightsError.self) { try ONNXWeights.styleModel(from: bytes, name: "s") }
    let folder = try TemporaryFolder()
    try folder.file("style.onnx", holding: bytes)
    let missing = ONNXError.missingFile(FilePath("\(name).data"), tensors: 6)
    #expect(throws: ForeignWeightsError.onnx(missing)) {
      try ONNXWeights.styleModel(contentsOf: folder["style.onnx"], name: "s")
    }
    let data = try ONNXFixtures.path("\(name).data").bytes
    try folder.file("\(name).data", holding: Array(data.prefix(8)))
    #expect(try obstacles(at: folder["style.onnx"]).contains { $0.contains("which has 8") })

    for location in ["../outside", "/etc/passwd", "a/../../b", ""] {
      var model = exported(try randomStyle(NetworkDescription(width: 1, residualBlocks: 0)))
      model.graph.initializer[0].rawData = Data()
      model.graph.initializer[0].dataLocation = .external
      model.graph.initializer[0].externalData = [
        .with { ($0.key, $0.value) = ("location", location) }
      ]
      try folder.file("style.onnx", holding: model.serializedBytes())
      let found = try obstacles(at: folder["style.onnx"])
      #expect(found.contains { $0.contains("which isn't read") }, "\(location)")
    }
  }

  /// A file of holes takes no room on the disk, and would take all memory.
  @Test func moreValuesThanAWeightFileHasAreNotRead() throws {
    let folder = try TemporaryFolder()
    var model = exported(try randomStyle(NetworkDescription(width: 1, residualBlocks: 0)))
    model.graph.initializer[0].dims = [1 << 14, 1 << 14, 2, 1]
    model.graph.initializer[0].rawData = Data()
    model.graph.initializer[0].dataLocation = .external
    model.graph.initializer[0].externalData = [
      .with { ($0.key, $0.value) = ("location", "holes") }
    ]
    try folder.file("style.onnx", holding: model.serializedBytes())
    let size = 4 << 30
    let holes = try FileDescriptor.open(
      try folder.file("holes"), .writeOnly, options: [.closeOnExec])
    try holes.closeAfter { try holes.resize(to: Int64(size)) }
    let found = try obstacles(at: folder["style.onnx"])
    #expect(
      found.contains { $0.contains("\(size) bytes of values; weight files have at most") },
      "\(found)")
  }

  /// Tools append nodes whose outputs are read before.
  @Test func nodesMayComeInAnyOrder() throws {
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 1))
    var model = exported(style)
    model.graph.node.reverse()
    #expect(try imported(model).weights == style.weights)
    // One that reads its own output never comes.
    model.graph.node[0].input.append(model.graph.node[0].output[0])
    let found = try ForeignWeightsTests.obstacles(of: model).obstacles
    #expect(found.contains { $0.contains("which isn't there before it") })
  }

  /// A graph that neither clips nor changes the range leaves black and white to the user.
  @Test func theRangeIsToldWhereTheGraphDoesNot() throws {
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 0))
    var model = exported(style)
    let bytes: [UInt8] = try model.serializedBytes()
    #expect(throws: ForeignWeightsError.saidByItself(["range"])) {
      try ONNXWeights.styleModel(from: bytes, name: "s", range: 0...1)
    }
    model.metadataProps = []
    let bare: [UInt8] = try model.serializedBytes()
    let assumed = try ONNXWeights.styleModel(from: bare, name: "s")
    #expect(assumed.notes == [.assumed([.range(0...255)])])
    let told = try ONNXWeights.styleModel(from: bare, name: "s", range: -1...1)
    #expect(told.notes == [])
    #expect(told.model.description.inputRange == -1...1)
  }

  /// What a runtime writes for itself is told once, whatever its nodes are.
  @Test func operatorsOfOthersAreCounted() throws {
    var model = exported(try randomStyle(NetworkDescription(width: 1, residualBlocks: 1)))
    for index in model.graph.node.indices where model.graph.node[index].opType == "Conv" {
      model.graph.node[index].domain = "com.microsoft"
    }
    let found = try ForeignWeightsTests.obstacles(of: model).obstacles
    #expect(found.first?.hasPrefix("8 operators of com.microsoft's: ") == true)
    #expect(found.count < 4)
  }

  @Test func filesThatAreNone() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ForeignWeightsError.weightFile(.unreadable(.noSuchFileOrDirectory))) {
      try ONNXWeights.styleModel(contentsOf: folder["missing.onnx"], name: "s")
    }
    #expect(throws: ForeignWeightsError.weightFile(.notARegularFile)) {
      try ONNXWeights.styleModel(contentsOf: folder.path, name: "s")
    }
    let none = ForeignWeightsError.onnx(.operatorSet(found: nil, known: 7...21))
    #expect(throws: none) { try ONNXWeights.styleModel(from: [], name: "s") }
    var model = exported(try randomStyle(NetworkDescription(width: 1, residualBlocks: 0)))
    model.opsetImport[0].version = 6
    let bytes: [UInt8] = try model.serializedBytes()
    #expect(throws: ForeignWeightsError.onnx(.operatorSet(found: 6, known: 7...21))) {
      try ONNXWeights.styleModel(from: bytes, name: "s")
    }
  }

  /// Real files, where `PASTICHE_SHARED` names the directory that holds them.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PASTICHE_SHARED"] != nil),
    arguments: [("mosaic_nc8_256x256", 8), ("candy_nc16_256x256_onnxjs013", 16)])
  func publishedFiles(name: String, width: Int) throws {
    let shared = try #require(ProcessInfo.processInfo.environment["PASTICHE_SHARED"])
    let path = FilePath("\(shared)/data/weights/pytorch_slim/\(name).onnx")
    let converted = try ONNXWeights.styleModel(contentsOf: path, name: name)
    #expect(converted.notes == [.assumed([.range(0...255)])])
    #expect(converted.model.description == NetworkDescription(width: width))
    #expect(try imported(exported(converted.model)).weights == converted.model.weights)
  }

  private func style(_ name: String) throws -> ConvertedStyle {
    try ONNXWeights.styleModel(contentsOf: ONNXFixtures.path("\(name).onnx"), name: name)
  }

  private func check(
    _ name: String, _ description: NetworkDescription, weights: String,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let converted = try style(name)
    // Only one that clips, or takes another range, tells it.
    let untold = description.inputRange == 0...255
    let notes = untold ? [ConvertedStyle.Note.assumed([.range(0...255)])] : []
    #expect(converted.notes == notes, sourceLocation: location)
    #expect(converted.model.description == description, "\(name)", sourceLocation: location)
    let expected = try ONNXFixtures.weights(weights)
    #expect(converted.model.weights == expected, "\(name)", sourceLocation: location)
  }

  private func obstacles(at path: FilePath) throws -> [String] {
    do throws(ForeignWeightsError) {
      _ = try ONNXWeights.styleModel(contentsOf: path, name: "s")
    } catch {
      if case .onnx(.otherNetwork(_, let obstacles)) = error { return obstacles }
    }
    return []
  }
}
