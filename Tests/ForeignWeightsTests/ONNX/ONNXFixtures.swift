import Foundation
import StyleModels
import SwiftProtobuf
import SystemPackage
import TestSupport
import WeightFiles

@testable import ForeignWeights

/// The files that Fixtures/make_onnx.py made.
enum ONNXFixtures {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .pushing("Fixtures/onnx")

  static func path(_ name: String) -> FilePath { folder.pushing(FilePath(name)) }

  /// The weights that networks of that name's beginning have.
  static func weights(_ name: String) throws -> [String: StoredTensor] {
    try WeightFile(contentsOf: path("\(name).safetensors")).tensors
  }
}

/// A style of random weights; variances are positive.
func randomStyle(
  _ description: NetworkDescription, statistics: Bool = false, seed: UInt64 = 1
) throws -> StyleModel {
  var samples = Samples(seed: seed)
  var weights: [String: StoredTensor] = [:]
  for (name, shape) in description.tensors(withStatistics: statistics) {
    var values = samples.array(shape.reduce(1, *))
    if name.hasSuffix(".variance") { values = values.map { $0 * $0 + 0.5 } }
    weights[name] = StoredTensor(shape: shape, values: values)
  }
  return try StyleModel(
    name: "random", description: description,
    advice: PaintingAdvice(bestSize: 512, grain: 2.5, margin: 3), licence: "CC0-1.0",
    training: "none", card: ["after": "nobody"], weights: weights)
}

/// The exported model of a style, to be changed.
func exported(_ style: StyleModel) -> Onnx_ModelProto { ONNXExport(of: style).model }

/// The style that a model makes.
func imported(_ model: Onnx_ModelProto) throws -> StyleModel {
  try ONNXWeights.styleModel(from: model.serializedBytes(), name: "random").model
}

/// What is said of a model that makes none.
func obstacles(of model: Onnx_ModelProto) throws -> (recognized: [String], obstacles: [String]) {
  let bytes: [UInt8] = try model.serializedBytes()
  do throws(ForeignWeightsError) {
    _ = try ONNXWeights.styleModel(from: bytes, name: "random")
  } catch {
    if case .onnx(.otherNetwork(let recognized, let obstacles)) = error {
      return (recognized, obstacles)
    }
  }
  return ([], [])
}
