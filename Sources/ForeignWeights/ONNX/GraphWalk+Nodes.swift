import Foundation
import SystemFiles

extension GraphWalk {
  /// Finds what a node computes.
  ///
  /// - Throws: `ONNXObstacle` where it isn't known, or its inputs are others than it takes.
  mutating func value(of node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    for name in node.input where !name.isEmpty {
      guard let value = values[name] else {
        throw ONNXObstacle("reads \(name.printable), which isn't there before it")
      }
      usedNames.insert(name)
      // What came of something unknown isn't known either, and was said.
      if case .unknown = value {
        unseen[node.opType, default: 0] += 1
        return .unknown
      }
    }
    switch node.opType {
    case "Constant": return try constant(node)
    case "Identity", "Dropout": return try input(node, 0)
    case "Cast": return try cast(node)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Tile":
      return try moved(node)
    case "Concat": return try concatenation(node)
    case "Shape", "Size", "Gather", "Slice", "ConstantOfShape", "Range", "ReduceProd", "Where":
      return try sizes(node)
    case "Add", "Sub", "Mul", "Div", "Pow", "Equal", "Floor", "Ceil", "Sqrt", "Reciprocal", "Neg",
      "Min", "Max":
      return try arithmetic(node)
    case "ReduceMean", "GlobalAveragePool": return try mean(node)
    case "InstanceNormalization": return try instanceNorm(node)
    case "GroupNormalization": return try groupNorm(node)
    case "BatchNormalization": return try batchNorm(node)
    case "Pad": return try padded(node)
    case "Conv": return try convolution(node)
    case "ConvTranspose": return try transposedConvolution(node)
    case "Upsample", "Resize": return try enlarged(node)
    case "Relu", "Clip": return try clipped(node)
    case "Tanh":
      let map = try mapInput(node, 0)
      return try add(.bent(map), maps[map].shape)
    case "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "Sigmoid", "HardSigmoid", "HardSwish",
      "Mish", "Softplus", "Softsign", "ThresholdedRelu", "Abs", "Exp", "Log":
      // Told with the layer that it belongs to.
      let map = try mapInput(node, 0)
      return try add(.other(map, node.opType), maps[map].shape)
    default: throw ONNXObstacle("not an operator of the published network's")
    }
  }

  // MARK: Inputs

  func hasInput(_ node: Onnx_NodeProto, _ number: Int) -> Bool {
    number < node.input.count && !node.input[number].isEmpty
  }

  func input(_ node: Onnx_NodeProto, _ number: Int) throws(ONNXObstacle) -> Value {
    guard hasInput(node, number), let value = values[node.input[number]] else {
      throw ONNXObstacle("lacks its input \(number + 1)")
    }
    return value
  }

  mutating func mapInput(_ node: Onnx_NodeProto, _ number: Int) throws(ONNXObstacle) -> Int {
    try map(input(node, number))
  }

  /// The whole numbers of a constant input, or of an attribute of earlier operators.
  func integers(
    _ node: Onnx_NodeProto, _ number: Int, or attribute: String
  ) throws(ONNXObstacle) -> [Int]? {
    if hasInput(node, number) { return try integers(input(node, number)) }
    return node[attribute]?.ints.map { Int($0) }
  }

  /// The numbers of a constant input.
  func numbers(_ node: Onnx_NodeProto, _ number: Int) throws(ONNXObstacle) -> [Double] {
    try numbers(of: input(node, number)).values
  }

  /// The numbers of an input that has one for each channel.
  func channelValues(
    _ node: Onnx_NodeProto, _ number: Int, count: Int
  ) throws(ONNXObstacle) -> [Float] {
    guard case .constant(let constant, let layout) = try input(node, number) else {
      throw ONNXObstacle("its input \(number + 1) isn't a constant")
    }
    guard layout.shape == [count], layout == Layout(constants[constant].shape) else {
      throw ONNXObstacle(
        "its input \(number + 1) has the shape \(layout.shape) instead of [\(count)]")
    }
    return try floats(of: constant)
  }

  /// The values of a constant, as they stand in it.
  func floats(of constant: Int) throws(ONNXObstacle) -> [Float] {
    let constant = constants[constant]
    let values: [Float]
    do throws(ONNXObstacle) {
      switch constant.values {
      case .tensor(let tensor): values = try file.values(of: tensor)
      case .numbers(let numbers): values = numbers.map { Float($0) }
      }
      guard let first = values.first(where: { !$0.isFinite }) else { return values }
      throw ONNXObstacle("\(values.count { !$0.isFinite }) numbers aren't finite, \(first) for one")
    } catch {
      throw ONNXObstacle("\(constant.name.printable): \(error.reason)")
    }
  }
}

extension Onnx_NodeProto {
  /// The attribute of that name; nil where there is none.
  subscript(_ name: String) -> Onnx_AttributeProto? {
    attribute.first { $0.name == name }
  }

  func integer(_ name: String, or other: Int) -> Int { self[name].map { Int($0.i) } ?? other }
  func text(_ name: String, or other: String) -> String {
    self[name].map { String(decoding: $0.s, as: UTF8.self) } ?? other
  }

  /// The attribute `epsilon`, 1e-5 where there is none.
  var epsilon: Double { Double(self["epsilon"]?.f ?? 1e-5) }
}
