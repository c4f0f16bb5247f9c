import Foundation
import StyleModels
import SwiftProtobuf
import SystemFiles
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@testable import ForeignWeights

/// That other programs run what is written, Fixtures/check_export.py shows.
@Suite struct ONNXExportTests {
  private static let descriptions = [
    NetworkDescription(width: 2, residualBlocks: 2),
    NetworkDescription(width: 1, residualBlocks: 0),
    NetworkDescription(width: 2, residualBlocks: 1, norm: .layer),
    NetworkDescription(width: 2, residualBlocks: 1, norm: .group, groups: 2),
    NetworkDescription(width: 3, residualBlocks: 1, norm: .group, groups: 3),
    NetworkDescription(width: 2, residualBlocks: 1, norm: .batchLive),
    NetworkDescription(width: 1, residualBlocks: 1, epsilon: 1e-3),
    NetworkDescription(width: 1, residualBlocks: 1, inputRange: 0...1),
    NetworkDescription(width: 1, residualBlocks: 1, inputRange: -1...1),
    NetworkDescription(width: 1, residualBlocks: 1, inputRange: -0.3...0.7),
    NetworkDescription(width: 1, residualBlocks: 1, inputRange: -255...255),
    NetworkDescription(
      .fastNeuralStyle(FastNeuralStyle(width: 1, residualBlocks: 1, padding: .zero))),
    NetworkDescription(
      .fastNeuralStyle(FastNeuralStyle(width: 1, residualBlocks: 1, padding: .replication))),
    NetworkDescription(
      .fastStyleTransfer(FastStyleTransfer(width: 2, residualBlocks: 1)), epsilon: 1e-3),
    NetworkDescription(
      .fastStyleTransfer(FastStyleTransfer(width: 1, residualBlocks: 0)), norm: .layer),
  ]

  @Test(arguments: descriptions)
  func roundTripKeepsEveryBit(_ description: NetworkDescription) throws {
    for hasStatistics in [false, true] {
      let style = try randomStyle(description, statistics: hasStatistics)
      #expect(try imported(exported(style)) == style)
    }
  }

  /// A factor of 0 for each channel.
  @Test(arguments: Norm.allCases) func normsThatLeaveNothing(_ norm: Norm) throws {
    let random = try randomStyle(
      NetworkDescription(
        width: norm == .group ? 2 : 1, residualBlocks: 1, norm: norm,
        groups: norm == .group ? 2 : 4),
      statistics: norm == .batch)
    var weights = random.weights
    for (name, tensor) in weights where name.hasSuffix(".gamma") {
      weights[name]?.values = tensor.values.map { _ in 0 }
    }
    let style = try StyleModel(
      name: random.name, description: random.description, advice: random.advice,
      licence: random.licence, training: random.training, card: random.card, weights: weights)
    #expect(try imported(exported(style)) == style)
  }

  @Test func batchNormKeepsItsStatistics() throws {
    let style = try randomStyle(
      NetworkDescription(width: 2, residualBlocks: 1, norm: .batch), statistics: true)
    let model = exported(style)
    #expect(try imported(model) == style)
    #expect(model.graph.node.count { $0.opType == "BatchNormalization" } == 7)
    #expect(!model.metadataProps.contains { $0.key.hasPrefix("tensor.") })
  }

  /// SAME follows the picture's size; of a transposed convolution what is beyond is cut off.
  @Test func theOtherArchitectureIsPaddedAsTensorFlowDoes() throws {
    let model = exported(
      try randomStyle(
        NetworkDescription(.fastStyleTransfer(FastStyleTransfer(width: 1, residualBlocks: 1)))))
    let convolutions = model.graph.node.filter { ["Conv", "ConvTranspose"].contains($0.opType) }
    let paddings = convolutions.map { node in
      node.attribute.compactMap { attribute in
        switch attribute.name {
        case "auto_pad": String(decoding: attribute.s, as: UTF8.self)
        case "pads": "\(attribute.ints)"
        default: nil
        }
      }
    }
    let (same, cut) = (["SAME_UPPER"], ["[0, 0, 1, 1]"])
    #expect(paddings == [[], same, same, [], [], cut, cut, []])
    #expect(model.graph.node.suffix(3).map(\.opType) == ["Tanh", "Mul", "Add"])
  }

  /// Statistics that the norm doesn't use are in the metadata: an initializer that no node reads is
  /// one that every runtime warns of.
  @Test func unusedStatisticsAreNoInitializers() throws {
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 1), statistics: true)
    let model = exported(style)
    let read = Set(model.graph.node.flatMap(\.input))
    #expect(model.graph.initializer.allSatisfy { read.contains($0.name) })
    #expect(model.metadataProps.contains { $0.key == "tensor.in1.variance" })
  }

  @Test func whatOthersSee() throws {
    let model = exported(try randomStyle(NetworkDescription(width: 1, residualBlocks: 1)))
    #expect([model.producerName, "\(model.irVersion)"] == ["pastiche", "8"])
    #expect(model.opsetImport.map(\.version) == [17])
    func shape(_ info: Onnx_ValueInfoProto) -> [String] {
      info.type.tensorType.shape.dim.map { $0.dimParam.isEmpty ? "\($0.dimValue)" : $0.dimParam }
    }
    #expect(model.graph.input.map(\.name) == ["input"])
    #expect(model.graph.input.map(shape) == [["N", "3", "H", "W"]])
    #expect(model.graph.output.map(\.name) == ["output"])
    #expect(model.graph.output.map(shape) == [["N", "3", "4*ceil(H/4)", "4*ceil(W/4)"]])
    let metadata = Dictionary(
      uniqueKeysWithValues: model.metadataProps.map { ($0.key, $0.value) })
    #expect(metadata["name"] == "random" && metadata["licence"] == "CC0-1.0")
    #expect(metadata["training"] == "none" && metadata["after"] == "nobody")
    #expect(Set(model.graph.node.flatMap(\.output)).count == model.graph.node.count)
  }

  @Test(arguments: [0...1e-300, -1e308...1e308, 0...1e39, 1_000_000...1_000_000.001])
  func rangesPastSinglePrecision(_ range: ClosedRange<Double>) throws {
    let style = try randomStyle(
      NetworkDescription(width: 1, residualBlocks: 0, inputRange: range))
    #expect(throws: ForeignWeightsError.onnx(.range(range))) { try ONNXWeights.encoded(style) }
  }

  @Test func equalStylesGiveEqualBytes() throws {
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 1), statistics: true)
    #expect(try ONNXWeights.encoded(style) == ONNXWeights.encoded(style))
  }

  /// The account that the file gives of itself, and another that its user gives.
  @Test func licenceAndTraining() throws {
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 0))
    let bytes = try ONNXWeights.encoded(style)
    let renamed = try ONNXWeights.styleModel(from: bytes, name: "n", licence: "l", training: "t")
    #expect(
      [renamed.model.name, renamed.model.licence, renamed.model.training] == ["n", "l", "t"])
    var model = exported(style)
    model.metadataProps = [.with { ($0.key, $0.value) = ("source", "here") }]
    let foreign = try imported(model)
    #expect(foreign.licence == "unknown" && foreign.training == "unknown")
    #expect(foreign.card == ["onnx.source": "here"])
  }

  @Test func aStyleOnABaseIsMadeANetwork() throws {
    let network = NetworkDescription(width: 1, residualBlocks: 1)
    var weights: [String: StoredTensor] = [:]
    for (name, tensor) in try randomStyle(network).weights where name.hasSuffix(".weight") {
      weights[name] = tensor
    }
    let base = try BaseModel(
      name: "ground", description: network, licence: "l", training: "t", weights: weights)
    let norms = network.layers.filter { $0.norm != nil }.map { layer in
      let ones = [Float](repeating: 1, count: layer.convolution.outputChannels)
      return StyleParameters.Norm(gamma: ones, beta: ones, stored: nil)
    }
    let style = try StyleModel(
      name: "s", StyleParameters(norms: norms, colorShift: [1, 2, 3]), on: base, licence: "l",
      training: "t")
    let again = try ONNXWeights.styleModel(from: ONNXWeights.encoded(style), name: "s").model
    #expect(try again == style.asNetwork(named: "s"))
  }

  @Test func fileIsCompleteOrAbsent() throws {
    let folder = try TemporaryFolder()
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 0))
    try ONNXWeights.write(style, to: folder["style.onnx"], replacing: false)
    let read = try ONNXWeights.styleModel(contentsOf: folder["style.onnx"], name: "random")
    #expect(read.model == style)
    let taken = ForeignWeightsError.weightFile(.unwritable(.exists(folder["style.onnx"])))
    #expect(throws: taken) {
      try ONNXWeights.write(style, to: folder["style.onnx"], replacing: false)
    }
    try ONNXWeights.write(style, to: folder["style.onnx"], replacing: true)
    #expect(folder.files == ["style.onnx"])
  }
}
