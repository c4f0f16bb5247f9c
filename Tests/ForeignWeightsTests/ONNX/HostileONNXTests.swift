import Foundation
import StyleModels
import SwiftProtobuf
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@testable import ForeignWeights

/// Files that are damaged or made to do harm: an error with words, no trap, little memory.
@Suite struct HostileONNXTests {
  private let model: Onnx_ModelProto
  private let bytes: [UInt8]

  init() throws {
    let style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 1))
    model = exported(style)
    bytes = try ONNXWeights.encoded(style)
  }

  @Test func truncatedAtEveryByte() {
    for count in bytes.indices {
      let error = error(of: Array(bytes[..<count]))
      #expect(error?.description.isEmpty == false, "\(count) bytes")
    }
  }

  /// `PASTICHE_HOSTILE=all` tries 100,000.
  @Test func mutations() throws {
    let files = try [
      bytes, ONNXFixtures.path("width1_trace_9_slim.onnx").bytes,
      ONNXFixtures.path("width1_trace_13_sizes_open.onnx").bytes,
      ONNXFixtures.path("width2_trace_9_group_open.onnx").bytes,
    ]
    for (number, file) in files.enumerated() {
      for mutation in Mutations(of: file, seed: UInt64(number)).some(500) {
        guard let error = error(of: mutation) else { continue }
        #expect(!error.description.isEmpty && error.description.utf8.count < 1 << 20)
      }
    }
  }

  @Test func lengthsBeyondTheEnd() {
    for length: [UInt8] in [
      [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
    ] {
      let error = error(of: [0x3A] + length)
      guard case .onnx(.truncated(0, _, 0)) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    let endless = [UInt8](repeating: 0xFF, count: 11)
    #expect(error(of: [0x3A] + endless) == .onnx(.malformed(at: 1)))
    #expect(error(of: [0x00, 0x00]) == .onnx(.malformed(at: 0)))
    #expect(error(of: [0x0B]) == .onnx(.malformed(at: 0)))
  }

  /// Two bytes in the file and a hundred in memory each; and the same within a node, and a tensor.
  @Test func millionsOfEmptyMessages() {
    let empty = [UInt8]((0..<1 << 20).flatMap { _ in [0x0A, 0x00] as [UInt8] })
    let attributes = [UInt8]((0..<1 << 20).flatMap { _ in [0x2A, 0x00] as [UInt8] })
    let dimensions = [UInt8](repeating: 1, count: 1 << 21)
    for graph in [
      empty, attributes, [0x5A] + varint(empty.count) + empty,
      [0x0A] + varint(attributes.count) + attributes, [0x0A] + varint(empty.count) + empty,
      [0x2A] + varint(dimensions.count + 5) + [0x0A] + varint(dimensions.count) + dimensions,
    ] {
      guard case .onnx(.tooLarge("a graph", let bytes, let limit)) = error(of: file(graph: graph))
      else {
        Issue.record("\(graph.prefix(8)) was not refused")
        continue
      }
      #expect(bytes > limit && bytes < limit + 80 * graph.count)
    }
  }

  /// A message in a message in a message.
  @Test func deepNesting() {
    var inner: [UInt8] = []
    for _ in 0..<50_000 { inner = [0x2A] + varint(inner.count) + inner }
    let error = error(of: file(graph: [0x0A] + varint(inner.count) + inner))
    #expect(error != nil)
  }

  @Test func cycles() throws {
    var changed = model
    let last = try #require(changed.graph.node.indices.last)
    changed.graph.node[0].input[0] = changed.graph.node[last].output[0]
    #expect(try obstacles(of: changed).obstacles.contains { $0.contains("isn't there before it") })
    changed = model
    changed.graph.node[1].output = changed.graph.node[0].output
    #expect(try !obstacles(of: changed).obstacles.isEmpty)
  }

  @Test func shapesThatAreNone() throws {
    let shapes: [[Int64]] = [
      [1 << 62, 1 << 62], [-1], [1 << 33, 1 << 33], [.min], [.max, 2], [0], [1 << 31, 1 << 31, 0],
      [Int64](repeating: 1, count: 1000), [3, 1_000_000_000, 9, 9],
      [1 << 20, 3, 1 << 20, 1 << 20], [0, 1 << 62, 1 << 62],
    ]
    for shape in shapes {
      for number in model.graph.initializer.indices {
        var changed = model
        changed.graph.initializer[number].dims = shape
        #expect(try !obstacles(of: changed).obstacles.isEmpty, "\(shape), \(number)")
      }
      var changed = model
      changed.graph.input[0].type.tensorType.shape.dim = shape.map { size in
        .with { $0.dimValue = size }
      }
      #expect(try !obstacles(of: changed).obstacles.isEmpty, "\(shape)")
    }
  }

  /// Sizes of 2⁴⁰ that constants are to be brought to: nothing is made so large.
  @Test func constantsThatGrow() throws {
    for (operation, size) in [
      ("Expand", 1 << 40), ("Tile", 1 << 40), ("Expand", .max), ("Tile", 0),
    ] {
      var changed = model
      changed.graph.initializer.append(integers("bomb", [size]))
      changed.graph.initializer.append(
        .with {
          ($0.name, $0.dataType, $0.dims) = ("one", .float, [1])
          $0.rawData = withUnsafeBytes(of: Float(1)) { Data($0) }
        })
      changed.graph.node.insert(
        .with { ($0.opType, $0.input, $0.output) = (operation, ["one", "bomb"], ["large"]) }, at: 0)
      // A sum of it, and of that, and of that …
      for number in 0..<40 {
        let name = number == 0 ? "large" : "large\(number)"
        changed.graph.node.insert(
          .with {
            ($0.opType, $0.input) = ("Concat", [name, name])
            ($0.output, $0.attribute) = (["large\(number + 1)"], [])
          }, at: number + 1)
      }
      changed.graph.node[changed.graph.node.count - 1].input.append("large40")
      #expect(try !obstacles(of: changed).obstacles.isEmpty, "\(operation) \(size)")
    }
    var changed = model
    changed.graph.initializer.append(integers("shape", [1 << 20, 1 << 20]))
    changed.graph.node.insert(
      .with { ($0.opType, $0.input, $0.output) = ("ConstantOfShape", ["shape"], ["zeros"]) }, at: 0)
    changed.graph.node.insert(
      .with { ($0.opType, $0.input, $0.output) = ("Add", ["zeros", "zeros"], ["sum"]) }, at: 1)
    changed.graph.node[2].input = ["input", "sum"]
    #expect(
      try obstacles(of: changed).obstacles.contains {
        $0.contains("a constant of \(1 << 40) numbers; 4096 would be many")
      })
  }

  /// Arithmetic with sizes that no whole number holds.
  @Test func sizesPastAnyNumber() throws {
    for values: [Double] in [[.infinity], [.nan], [-1e300], [1e19], [0]] {
      for operation in ["Range", "Slice", "Gather", "Reshape", "Expand", "Tile", "ConstantOfShape"]
      {
        var changed = model
        changed.graph.initializer.append(
          .with {
            ($0.name, $0.dataType, $0.dims) = ("n", .double, [1])
            $0.rawData = values.withUnsafeBytes { Data($0) }
          })
        let inputs =
          ["Reshape", "Expand", "Tile", "Gather"].contains(operation)
          ? ["scale", "n"] : ["n", "n", "n", "n", "n"]
        changed.graph.node.insert(
          .with { ($0.opType, $0.input, $0.output) = (operation, inputs, ["sizes"]) }, at: 0)
        changed.graph.node[1].input[1] = "sizes"
        changed.graph.initializer.append(integers("scale", [1, 2, 3]))
        #expect(try !obstacles(of: changed).obstacles.isEmpty, "\(operation) \(values)")
      }
    }
  }

  /// Products of sizes that no whole number holds: beside an axis of none, of repetitions of
  /// repetitions, and of a map that each node doubles.
  @Test func productsPastAnyNumber() throws {
    let none = Onnx_TensorProto.with {
      ($0.name, $0.dataType, $0.dims) = ("none", .float, [0, 1 << 62, 1 << 62])
    }
    for operation in ["Flatten", "Transpose", "Size", "Slice"] {
      let bounds = operation == "Slice" ? ["zero", "zero"] : []
      #expect(
        try !said(
          of: [node(operation, bounds)], from: "none", [none, integers("zero", [0])]
        ).isEmpty, "\(operation)")
    }
    for one in [integers("one", [1]), integers("one", [])] {
      let tiles = [node("Tile", ["counts"]), node("Tile", ["counts"])]
      #expect(
        try !said(of: tiles, from: "one", [one, integers("counts", [1 << 40])]).isEmpty)
    }
    let enlargement = node(
      "Resize", ["", "scales"],
      [
        .text("mode", "nearest"), .text("coordinate_transformation_mode", "asymmetric"),
        .text("nearest_mode", "floor"),
      ])
    let enlargements = [Onnx_NodeProto](repeating: enlargement, count: 60)
    #expect(
      try said(of: enlargements, from: "input", []).contains { $0.contains("a map of shape") })
  }

  /// Axes without end, each of which costs memory at each node.
  @Test func axesWithoutEnd() throws {
    let one = integers("one", [1])
    for (count, words) in [(8, "makes 9 axes"), (17, "17 numbers for the axes of a tensor")] {
      let axes = integers("axes", Array(0..<count))
      #expect(
        try said(of: [node("Unsqueeze", ["axes"])], from: "one", [one, axes]).contains {
          $0.contains(words)
        })
    }
    #expect(ONNXObstacle(String(repeating: "x", count: 1_000_000)).reason.count == 500)
  }

  /// The range that a clipped picture has after it was multiplied past all numbers.
  @Test func factorsPastAnyNumber() throws {
    var changed = model
    changed.graph.node[changed.graph.node.count - 1].output = ["painted"]
    for (name, value) in [("black", 0), ("white", 255), ("huge", 1e308)] {
      changed.graph.initializer.append(
        .with {
          ($0.name, $0.dataType) = (name, .double)
          $0.rawData = withUnsafeBytes(of: value as Double) { Data($0) }
        })
    }
    for (operation, inputs, output) in [
      ("Clip", ["painted", "black", "white"], "clipped"), ("Mul", ["clipped", "huge"], "large"),
      ("Mul", ["large", "huge"], "output"),
    ] {
      var last = node(operation, inputs)
      last.output = [output]
      changed.graph.node.append(last)
    }
    #expect(
      try obstacles(of: changed).obstacles.contains {
        $0.contains("arithmetic that is no norm and no change of range")
      })
  }

  /// Statistics that the metadata keep are left out where they are no numbers.
  @Test func keptTensorsThatAreNoNumbers() throws {
    var changed = exported(
      try randomStyle(NetworkDescription(width: 1, residualBlocks: 1), statistics: true))
    for (number, pair) in changed.metadataProps.enumerated() where pair.key.hasPrefix("tensor.") {
      let count = try #require(Data(base64Encoded: pair.value)).count
      changed.metadataProps[number].value = Data(repeating: 0xFF, count: count)
        .base64EncodedString()
    }
    #expect(try !imported(changed).hasBatchStatistics)
  }

  // MARK: Parts

  private func node(
    _ operation: String, _ inputs: [String], _ attributes: [Onnx_AttributeProto] = []
  ) -> Onnx_NodeProto {
    .with { ($0.opType, $0.input, $0.attribute) = (operation, inputs, attributes) }
  }

  /// What is said of the model where these nodes go ahead, each of what the one before it gives, and
  /// the last node takes what they give.
  private func said(
    of nodes: [Onnx_NodeProto], from first: String, _ tensors: [Onnx_TensorProto]
  ) throws -> [String] {
    var changed = model
    changed.graph.initializer += tensors
    var last = first
    for (number, node) in nodes.enumerated() {
      var node = node
      node.input.insert(last, at: 0)
      last = "ahead\(number)"
      node.output = [last]
      changed.graph.node.insert(node, at: number)
    }
    changed.graph.node[changed.graph.node.count - 1].input.append(last)
    return try obstacles(of: changed).obstacles
  }

  private func error(of bytes: [UInt8]) -> ForeignWeightsError? {
    do throws(ForeignWeightsError) {
      _ = try ONNXWeights.styleModel(from: bytes, name: "s")
      return nil
    } catch {
      return error
    }
  }

  private func integers(_ name: String, _ values: [Int]) -> Onnx_TensorProto {
    .with {
      ($0.name, $0.dataType, $0.dims) = (name, .int64, [Int64(values.count)])
      $0.rawData = values.withUnsafeBytes { Data($0) }
    }
  }

  /// A model of version 17 with a graph of these bytes.
  private func file(graph: [UInt8]) -> [UInt8] {
    [0x42, 0x02, 0x10, 17, 0x3A] + varint(graph.count) + graph
  }

  private func varint(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
  }
}
