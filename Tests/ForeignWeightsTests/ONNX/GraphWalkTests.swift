import Foundation
import StyleModels
import SwiftProtobuf
import Testing
import WeightFiles

@testable import ForeignWeights

/// Graphs that put the same network otherwise, and such that are another.
@Suite struct GraphWalkTests {
  private let style: StyleModel
  private let model: Onnx_ModelProto

  init() throws {
    style = try randomStyle(NetworkDescription(width: 1, residualBlocks: 1))
    model = exported(style)
  }

  /// Version 7: paddings and scales as attributes, numbers as what they are, constants among the
  /// inputs.
  @Test func attributesOfOldOperators() throws {
    var old = model
    old.opsetImport[0].version = 7
    var constants: [String: Onnx_TensorProto] = [:]
    for tensor in old.graph.initializer { constants[tensor.name] = tensor }
    for (number, node) in old.graph.node.enumerated() {
      switch node.opType {
      case "Pad":
        let pads = try #require(constants[node.input[1]]).rawData.withUnsafeBytes {
          Array($0.bindMemory(to: Int64.self))
        }
        old.graph.node[number].input = [node.input[0]]
        old.graph.node[number].attribute.append(.integers("pads", pads.map { Int($0) }))
      case "Resize":
        old.graph.node[number].opType = "Upsample"
        old.graph.node[number].input = [node.input[0]]
        old.graph.node[number].attribute = [
          .text("mode", "nearest"),
          .with { ($0.name, $0.type, $0.floats) = ("scales", .floats, [1, 1, 2, 2]) },
        ]
      default: break
      }
    }
    for number in old.graph.initializer.indices.reversed() {
      let tensor = old.graph.initializer[number]
      if tensor.dataType != .float || tensor.name == "scales" {
        old.graph.initializer.remove(at: number)
        continue
      }
      (old.graph.initializer[number].floatData, old.graph.initializer[number].rawData) =
        (tensor.rawData, Data())
      old.graph.input.append(.with { $0.name = tensor.name })
    }
    #expect(try imported(old) == style)
  }

  @Test func typesOfNumbers() throws {
    var weights = style.weights
    for (name, tensor) in weights {
      weights[name]?.values = tensor.values.map { Float(Float16($0)) }
    }
    let half = try StyleModel(
      name: style.name, description: style.description, advice: style.advice,
      licence: style.licence, training: style.training, card: style.card, weights: weights)
    for type: Onnx_TensorProto.DataType in [.float16, .double] {
      for isRaw in [true, false] {
        var model = exported(half)
        for (number, tensor) in model.graph.initializer.enumerated()
        where tensor.dataType == .float && tensor.name != "scales" {
          let values = tensor.rawData.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
          let halves = values.map { Float16($0).bitPattern }
          var changed = tensor
          changed.dataType = type
          changed.rawData = Data()
          switch (type, isRaw) {
          case (.double, true):
            changed.rawData = values.map { Double($0) }.withUnsafeBytes { Data($0) }
          case (.double, false):
            changed.doubleData = values.map { Double($0) }.withUnsafeBytes { Data($0) }
          case (_, true): changed.rawData = halves.withUnsafeBytes { Data($0) }
          default: changed.int32Data = Data(halves.flatMap { varint(UInt64($0)) })
          }
          model.graph.initializer[number] = changed
        }
        #expect(try imported(model) == half, "\(type) raw: \(isRaw)")
      }
    }
  }

  private func varint(_ value: UInt64) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
  }

  // MARK: Norms as arithmetic

  /// One step of a norm: what it computes, its operator and its inputs.
  private typealias Step = (output: String, operation: String, inputs: [String])

  private static let norms: [[Step]] = [
    [
      ("m", "ReduceMean", ["x"]), ("c", "Sub", ["x", "m"]), ("q", "Pow", ["c", "2"]),
      ("v", "ReduceMean", ["q"]), ("e", "Add", ["epsilon", "v"]), ("d", "Sqrt", ["e"]),
      ("n", "Div", ["c", "d"]), ("s", "Mul", ["gamma", "n"]), ("y", "Add", ["beta", "s"]),
    ],
    [  // Scale and shift first.
      ("m", "GlobalAveragePool", ["x"]), ("c", "Sub", ["x", "m"]), ("q", "Mul", ["c", "c"]),
      ("v", "GlobalAveragePool", ["q"]), ("e", "Add", ["v", "epsilon"]), ("d", "Sqrt", ["e"]),
      ("r", "Reciprocal", ["d"]), ("g", "Mul", ["r", "gamma"]), ("t", "Mul", ["m", "g"]),
      ("b", "Sub", ["beta", "t"]), ("s", "Mul", ["x", "g"]), ("y", "Add", ["s", "b"]),
    ],
    [  // The mean of squares less the square of the mean.
      ("m", "ReduceMean", ["x"]), ("xx", "Mul", ["x", "x"]), ("p", "ReduceMean", ["xx"]),
      ("mm", "Mul", ["m", "m"]), ("v", "Sub", ["p", "mm"]), ("e", "Add", ["v", "epsilon"]),
      ("r", "Pow", ["e", "-0.5"]), ("k", "Neg", ["m"]), ("c", "Add", ["k", "x"]),
      ("n", "Mul", ["c", "r"]), ("s", "Mul", ["n", "gamma"]), ("y", "Add", ["s", "beta"]),
    ],
    [  // The mean over rows, then over columns.
      ("m1", "ReduceMean3", ["x"]), ("m", "ReduceMean2", ["m1"]), ("c", "Sub", ["x", "m"]),
      ("q", "Mul", ["c", "c"]), ("v1", "ReduceMean2", ["q"]), ("v", "ReduceMean3", ["v1"]),
      ("e", "Add", ["v", "epsilon"]), ("d", "Sqrt", ["e"]), ("n", "Div", ["c", "d"]),
      ("s", "Mul", ["n", "gamma"]), ("y", "Add", ["s", "beta"]),
    ],
  ]

  @Test(arguments: norms.indices) func normsAsArithmetic(_ number: Int) throws {
    for width in [1, 2] {
      let style = try randomStyle(NetworkDescription(width: width, residualBlocks: 1))
      #expect(try imported(replacingNorms(of: exported(style), by: Self.norms[number])) == style)
    }
  }

  @Test func normsThatAreOthers() throws {
    let right = Self.norms[0]
    let faults: [(Int, Step, String)] = [
      (0, ("m", "ReduceMean2", ["x"]), "no square of one"),  // The mean over rows alone.
      (1, ("c", "Add", ["x", "m"]), "no variance"),
      (2, ("q", "Pow", ["c", "3"]), "the power 3.0"),
      (4, ("e", "Mul", ["epsilon", "v"]), "no variance (the biased one)"),
      (5, ("d", "Identity", ["e"]), "no step of a norm"),
      (6, ("n", "Mul", ["c", "d"]), "no norm"),
    ]
    for (place, step, words) in faults {
      var steps = right
      steps[place] = step
      let found = try obstacles(of: replacingNorms(of: model, by: steps))
      #expect(found.recognized.count == 1, "\(step)")
      #expect(found.obstacles.contains { $0.contains(words) }, "\(step): \(found.obstacles)")
    }
  }

  /// The model with other nodes for each InstanceNormalization.
  private func replacingNorms(of model: Onnx_ModelProto, by steps: [Step]) -> Onnx_ModelProto {
    var model = model
    let epsilon = Float(1e-5)
    for (name, value) in [("epsilon", epsilon), ("2", 2), ("3", 3), ("-0.5", -0.5)] {
      model.graph.initializer.append(
        .with {
          $0.name = name
          $0.dataType = .float
          $0.rawData = withUnsafeBytes(of: value) { Data($0) }
        })
    }
    model.graph.node = model.graph.node.flatMap { node -> [Onnx_NodeProto] in
      guard node.opType == "InstanceNormalization" else { return [node] }
      for name in node.input[1...] {
        for place in model.graph.initializer.indices
        where model.graph.initializer[place].name == name
          && model.graph.initializer[place].dims.count == 1
        {
          model.graph.initializer[place].dims += [1, 1]
        }
      }
      let outer = [
        "x": node.input[0], "gamma": node.input[1], "beta": node.input[2],
        "y": node.output[0],
      ]
      let outputs = Set(steps.map(\.output))
      func name(_ inner: String) -> String {
        outer[inner] ?? (outputs.contains(inner) ? "\(node.name).\(inner)" : inner)
      }
      return steps.map { step in
        .with {
          $0.opType = step.operation
          $0.input = step.inputs.map(name)
          $0.output = [name(step.output)]
          if step.operation.hasPrefix("ReduceMean") {
            let axes = step.operation.dropFirst("ReduceMean".count).compactMap(\.wholeNumberValue)
            $0.opType = "ReduceMean"
            $0.attribute = [.integers("axes", axes.isEmpty ? [2, 3] : axes)]
          }
        }
      }
    }
    return model
  }

  // MARK: Enlargements

  /// ONNX's formulas by hand: output 0…3 of a row of two takes samples 0, 0, 1, 1.
  @Test(arguments: [
    ("asymmetric", "floor", true), ("asymmetric", "round_prefer_floor", true),
    ("asymmetric", "round_prefer_ceil", false), ("asymmetric", "ceil", false),
    ("half_pixel", "round_prefer_floor", true), ("half_pixel", "round_prefer_ceil", true),
    ("half_pixel", "floor", false), ("pytorch_half_pixel", "round_prefer_floor", true),
    ("half_pixel_symmetric", "round_prefer_floor", true), ("tf_half_pixel_for_nn", "floor", true),
    ("tf_half_pixel_for_nn", "round_prefer_floor", false), ("align_corners", "floor", false),
  ])
  func resizeModes(_ place: String, _ rounding: String, _ isNearest: Bool) throws {
    let model = changing("Resize") { node in
      node.attribute = [
        .text("mode", "nearest"), .text("coordinate_transformation_mode", place),
        .text("nearest_mode", rounding),
      ]
    }
    if isNearest {
      #expect(try imported(model) == style)
    } else {
      let words = "doesn't take each sample four times (\(place), \(rounding))"
      #expect(try obstacles(of: model).obstacles.contains { $0.contains(words) })
    }
  }

  // MARK: Other networks

  @Test func eachLayerIsTold() throws {
    let found = try obstacles(of: changing("Relu") { $0.opType = "LeakyRelu" })
    #expect(found.recognized.count == 8)
    #expect(
      found.recognized.first
        == "layer 1: reflection 4, 9×9 convolution 3→1, instance norm")
    #expect(found.obstacles.contains("layer 1: LeakyRelu"))
    #expect(
      found.obstacles.contains(
        "layer 2: reflection 1, 3×3 convolution 1→2 /2, norm; conv2 of the published network is "
          + "reflection 1, 3×3 convolution 1→2 /2, norm, relu"))
    let words = ONNXError.otherNetwork(recognized: found.recognized, obstacles: found.obstacles)
    #expect(words.description.hasPrefix("not the published network\nrecognized:\n  layer 1: "))
  }

  @Test func otherNodes() throws {
    let cases: [(String, String, (inout Onnx_NodeProto) -> Void)] = [
      (
        "Conv", "is grouped or dilated",
        { $0.attribute.append(.with { ($0.name, $0.i) = ("group", 2) }) }
      ),
      ("Conv", "is grouped or dilated", { $0.attribute.append(.integers("dilations", [2, 2])) }),
      ("Conv", "pads by auto_pad", { $0.attribute.append(.text("auto_pad", "SAME_LOWER")) }),
      ("Conv", "goes by [2, 1]", { $0.attribute = [.integers("strides", [2, 1])] }),
      ("Conv", "a second padding", { $0.attribute.append(.integers("pads", [1, 1, 1, 1])) }),
      ("Conv", "weights of shape [1] for", { $0.input[1] = $0.input[2] }),
      ("Conv", "not an operator", { $0.opType = "ConvInteger" }),
      ("Conv", "weights of shape [1, 3, 9, 9] for 3", { $0.opType = "ConvTranspose" }),
      ("Conv", "operators of com.microsoft's", { $0.domain = "com.microsoft" }),
      ("Conv", "lacks its input 1", { $0.input[0] = "" }),
      ("Conv", "which isn't there before it", { $0.input[0] = "output" }),
      ("Pad", "pads by mode wrap", { $0.attribute = [.text("mode", "wrap")] }),
      ("Pad", "reflection 0, 9×9", { $0.opType = "Identity" }),
      ("Resize", "enlarges by mode linear", { $0.attribute = [.text("mode", "linear")] }),
      ("InstanceNormalization", "several epsilons", { $0.attribute[0].f = 0.5 }),
      (
        "InstanceNormalization", "norms of several kinds",
        { node in
          node.opType = "BatchNormalization"
          node.attribute.append(.with { ($0.name, $0.i) = ("training_mode", 1) })
        }
      ),
    ]
    for (operation, words, change) in cases {
      let places = ["InstanceNormalization": 1, "Pad": 0]
      let changed = changing(operation, onlyAt: places[operation], change)
      let found = try obstacles(of: changed).obstacles
      #expect(found.contains { $0.contains(words) }, "\(operation), \(words): \(found)")
    }
    let flat = try obstacles(of: changing("Resize") { $0.opType = "Identity" }).obstacles
    #expect(flat.contains { $0.contains("deconv1 of the published network is ×2, ") })
    let difference = try obstacles(of: changing("Add") { $0.opType = "Sub" }).obstacles
    #expect(difference.contains { $0.contains("no norm and no change of range") })
  }

  @Test func otherTransposedConvolutions() throws {
    let model = exported(
      try randomStyle(
        NetworkDescription(.fastStyleTransfer(FastStyleTransfer(width: 1, residualBlocks: 0)))))
    let number = try #require(model.graph.node.firstIndex { $0.opType == "ConvTranspose" })
    let cases: [(String, [Onnx_AttributeProto])] = [
      ("its output is of a size of its own", [.integers("output_padding", [1, 1])]),
      ("cuts off [3, 0, 0, 0]", [.integers("pads", [3, 0, 0, 0])]),
      ("deconv1 of fast-style-transfer is", [.integers("pads", [0, 0, 0, 0])]),
      ("goes by [2, 1]", [.integers("strides", [2, 1])]),
    ]
    for (words, attributes) in cases {
      var changed = model
      let names = attributes.map(\.name)
      changed.graph.node[number].attribute.removeAll { names.contains($0.name) }
      changed.graph.node[number].attribute += attributes
      let found = try obstacles(of: changed).obstacles
      #expect(found.contains { $0.contains(words) }, "\(words): \(found)")
    }
    var changed = model
    let bias = try #require(
      model.graph.initializer.firstIndex { $0.name == model.graph.node[number].input[2] })
    changed.graph.initializer[bias].rawData = [Float(1), 1].withUnsafeBytes { Data($0) }
    let found = try obstacles(of: changed).obstacles
    #expect(found == ["deconv1: a bias, which the network has nowhere"])
  }

  @Test func otherRanges() throws {
    func ending(_ nodes: [(String, [Float])]) -> Onnx_ModelProto {
      var model = model
      var last = "inner"
      model.graph.node[model.graph.node.count - 1].output = [last]
      for (number, (operation, values)) in nodes.enumerated() {
        var inputs = [last]
        for (place, value) in values.enumerated() {
          inputs.append("\(number).\(place)")
          model.graph.initializer.append(
            .with {
              $0.name = "\(number).\(place)"
              $0.dataType = .float
              $0.rawData = withUnsafeBytes(of: value) { Data($0) }
            })
        }
        last = number == nodes.count - 1 ? "output" : "end\(number)"
        model.graph.node.append(
          .with { ($0.opType, $0.input, $0.output) = (operation, inputs, [last]) })
      }
      return model
    }
    #expect(try imported(ending([("Clip", [0, 255])])) == style)
    #expect(try imported(ending([("Max", [0]), ("Min", [255])])).description == style.description)
    let unit = try imported(ending([("Clip", [0, 1])]))
    #expect(unit.description.inputRange == 0...1)
    let words = "black and white are others in the input and the output"
    for nodes in [[("Mul", [2])], [("Clip", [-1, 1])], [("Add", [1])], [("Clip", [5, 255])]] {
      let found = try obstacles(of: ending(nodes.map { ($0.0, $0.1.map { Float($0) }) })).obstacles
      #expect(found.contains { $0.contains(words) }, "\(nodes): \(found)")
    }
  }

  @Test func tensorsAreToldTogether() throws {
    var changed = model
    changed.graph.initializer[1].rawData.removeLast()
    changed.graph.initializer[2].rawData = withUnsafeBytes(of: Float.nan) { Data($0) }
    changed.graph.initializer[4].dataType = .UNRECOGNIZED(8)
    changed.graph.initializer.append(changed.graph.initializer[5])
    let found = try obstacles(of: changed).obstacles
    let names = [1, 4, 5].map { model.graph.initializer[$0].name }
    for name in names {
      #expect(found.contains { $0.contains(name) }, "\(name): \(found)")
    }
    changed = model
    changed.graph.output.append(changed.graph.output[0])
    #expect(try obstacles(of: changed).obstacles.contains("2 outputs instead of one"))
    changed = model
    changed.graph.input.append(.with { $0.name = "mask" })
    #expect(try obstacles(of: changed).obstacles.contains("2 inputs instead of one"))
  }

  @Test func unusedTensorsAreNoted() throws {
    var changed = model
    changed.graph.initializer.append(
      .with { ($0.name, $0.dataType, $0.dims) = ("left", .float, [0]) })
    let converted = try ONNXWeights.styleModel(from: changed.serializedBytes(), name: "s")
    #expect(converted.notes == [.unusedTensors(["left"])])
  }

  /// The model with all nodes of an operator changed, or the one of that number.
  private func changing(
    _ operation: String, onlyAt place: Int? = nil, _ change: (inout Onnx_NodeProto) -> Void
  ) -> Onnx_ModelProto {
    var model = model
    var number = 0
    for index in model.graph.node.indices where model.graph.node[index].opType == operation {
      if place == nil || place == number { change(&model.graph.node[index]) }
      number += 1
    }
    return model
  }
}
