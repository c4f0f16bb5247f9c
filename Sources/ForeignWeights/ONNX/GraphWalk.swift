import StyleModels
import SystemFiles

/// A walk over a graph's nodes from the input to the output that finds what they compute.
///
/// Sizes that the input leaves open are given values, and all arithmetic with sizes is done with
/// these numbers: what comes out is what the graph does at that size, and what a style is said to
/// do at any.
struct GraphWalk {
  /// A tensor of the graph, as far as it is understood.
  enum Value {
    /// A constant by its number.
    case constant(Int, Layout)
    /// What is computed of maps, which have the shape `domain`, `[N, C, H, W]`.
    case map(Expression, domain: [Int], Layout)
    case unknown
  }

  struct Constant {
    enum Values {
      case tensor(ONNXTensor)
      case numbers([Double])
    }

    let name: String
    let shape: [Int]
    let isInteger: Bool
    let values: Values
  }

  /// What makes a map, by the numbers of the maps before it.
  enum Operation {
    case picture
    case enlarged(Int)
    case padded(Int, LayerDescription.Padding)
    case convolved(Int, Convolution)
    case normalized(Int, Statistics, gamma: [Float], beta: [Float])
    case rectified(Int)
    /// The hyperbolic tangent.
    case bent(Int)
    case added(Int, Int)
    /// `factor · x + offset`.
    case scaled(Int, factor: Double, offset: Double)
    case clipped(Int, ClosedRange<Double>)
    /// Something of that name that doesn't change the shape.
    case other(Int, String)
  }

  struct Convolution {
    var weight: Int
    var bias: Bias
    var stride: Int
    /// Whether the weights are `[I, O, K, K]`, and the padding is what is cut off.
    var isTransposed = false

    enum Bias {
      case none
      case constant(Int)
      case vector([Float])
    }
  }

  enum Statistics: Hashable {
    case measured(Expression.Extent, epsilon: Double)
    case stored(mean: [Float], variance: [Float], epsilon: Double)
  }

  struct Map {
    let operation: Operation
    /// `[N, C, H, W]`.
    let shape: [Int]
  }

  /// Sizes for those that the input leaves open: unlike any number of channels, and none a multiple
  /// of four, so that an enlargement to the size of an earlier layer isn't taken for one by two.
  static let openSizes = [1009, 3, 101, 150]

  let file: ONNXFile
  var values: [String: Value] = [:]
  var constants: [Constant] = []
  var maps: [Map] = []
  var settled: [Expression: Int] = [:]
  var vectors: [[Float]] = []
  /// Vectors by the constant that they are, how often each of its numbers stands in them, and whether
  /// they are factors.
  var vectorNumbers: [[Int]: Int] = [:]
  /// All that isn't understood.
  var obstacles: [String] = []
  /// Nodes that compute something of what isn't understood, by their operators.
  var unseen: [String: Int] = [:]
  /// Constants that a node reads.
  var usedNames: Set<String> = []
  /// Numbers that were computed, all together.
  var computedCount = 0

  /// The number of the output's map; nil where it isn't known.
  private(set) var output: Int?

  /// Walks over the nodes that the output is computed by.
  ///
  /// - Complexity: O(*n*) in nodes; weights aren't read.
  init(of file: ONNXFile) {
    self.file = file
    obstacles = file.faultyTensors.map { "\($0.name.printable): \($0.reason)" }
    for (name, _) in file.faultyTensors { values[name] = .unknown }
    for tensor in file.tensors {
      if values[tensor.name] != nil { obstacles.append("\(tensor.name.printable): there twice") }
      values[tensor.name] = add(.init(tensor))
    }
    addInput()
    guard file.outputs.count == 1 else {
      obstacles.append("\(file.outputs.count) outputs instead of one")
      return
    }
    let output = file.outputs[0].name
    var foreign: [String: Int] = [:]
    for node in liveNodes(for: output) {
      guard let name = node.output.first else { continue }
      guard node.isOfONNX else {
        foreign[node.domain, default: 0] += 1
        values[name] = .unknown
        continue
      }
      do throws(ONNXObstacle) {
        if values[name] != nil { throw ONNXObstacle("its output is there already") }
        values[name] = try value(of: node)
      } catch {
        obstacles.append("\(node.words): \(error.reason)")
        values[name] = .unknown
      }
    }
    for (domain, count) in foreign.sorted(by: { $0.key < $1.key }) {
      obstacles.append(
        "\(count) operators of \(domain.printable)'s: where the file was optimized for one program, "
          + "take the one that it was made from")
    }
    if !unseen.isEmpty {
      let nodes = unseen.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.printable)" }
      obstacles.append("what is computed of it: " + nodes.joined(separator: ", "))
    }
    do throws(ONNXObstacle) {
      guard let value = values[output] else { throw ONNXObstacle("nothing computes it") }
      if case .unknown = value { return }
      self.output = try map(value)
    } catch {
      obstacles.append("output \(output.printable): \(error.reason)")
    }
  }

  private mutating func addInput() {
    let inputs = file.inputs.filter { values[$0.name] == nil }
    guard inputs.count == 1, let input = inputs.first else {
      obstacles.append("\(inputs.count) inputs instead of one")
      return
    }
    let dimensions = input.type.tensorType.shape.dim.map { Int($0.dimValue) }
    guard dimensions.isEmpty || dimensions.count == 4,
      dimensions.allSatisfy({ $0 <= 1 << 20 }), dimensions.isEmpty || dimensions[1] <= 3
    else {
      obstacles.append("input \(input.name.printable): \(dimensions) instead of [N, 3, H, W]")
      return
    }
    let shape = Self.openSizes.enumerated().map { axis, size in
      dimensions.isEmpty || dimensions[axis] < 1 ? size : dimensions[axis]
    }
    do throws(ONNXObstacle) { values[input.name] = try add(.picture, shape) } catch {
      obstacles.append("input \(input.name.printable): \(error.reason)")
    }
  }

  /// The nodes that `output` needs, in their order.
  private func liveNodes(for output: String) -> [Onnx_NodeProto] {
    var needed: Set = [output]
    return Self.inOrder(file.nodes).reversed().filter { node in
      guard node.output.contains(where: needed.contains) else { return false }
      needed.formUnion(node.input)
      return true
    }.reversed()
  }

  /// The nodes, each behind those whose outputs it reads, which not all programs see to; those that
  /// read one another's come last. What is in order stays as it is.
  ///
  /// - Complexity: O(*n*) in nodes and their inputs.
  private static func inOrder(_ nodes: [Onnx_NodeProto]) -> [Onnx_NodeProto] {
    var makers: [String: Int] = [:]
    for (number, node) in nodes.enumerated() {
      for name in node.output where !name.isEmpty && makers[name] == nil { makers[name] = number }
    }
    let needs = nodes.map { node in Set(node.input.compactMap { makers[$0] }) }
    guard
      zip(nodes.indices, needs).contains(where: { number, needs in
        needs.contains { $0 >= number }
      })
    else { return nodes }
    var readers = [[Int]](repeating: [], count: nodes.count)
    for (number, needs) in needs.enumerated() { for need in needs { readers[need].append(number) } }
    var missing = needs.map(\.count)
    var order = nodes.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < order.count {
      for reader in readers[order[next]] {
        missing[reader] -= 1
        if missing[reader] == 0 { order.append(reader) }
      }
      next += 1
    }
    return (order + nodes.indices.filter { missing[$0] > 0 }).map { nodes[$0] }
  }

  // MARK: What is found

  /// A map that is made so.
  mutating func add(_ operation: Operation, _ shape: [Int]) throws(ONNXObstacle) -> Value {
    guard Layout.isCountable(shape) else { throw ONNXObstacle("a map of shape \(shape)") }
    maps.append(Map(operation: operation, shape: shape))
    return .map(Expression(.map(maps.count - 1)), domain: shape, Layout(shape))
  }

  mutating func add(_ constant: Constant) -> Value {
    constants.append(constant)
    return .constant(constants.count - 1, Layout(constant.shape))
  }

  /// A constant of numbers that were computed.
  mutating func add(
    _ numbers: [Double], shape: [Int], isInteger: Bool
  ) throws(ONNXObstacle) -> Value {
    computedCount += numbers.count
    guard computedCount <= 1 << 20 else { throw ONNXObstacle("more constants than sizes need") }
    return add(
      Constant(name: "", shape: shape, isInteger: isInteger, values: .numbers(numbers)))
  }

  /// The map that a value is, of its shape and in its order.
  mutating func map(_ value: Value) throws(ONNXObstacle) -> Int {
    guard case .map(let expression, let domain, let layout) = value else {
      throw ONNXObstacle("a constant instead of a map")
    }
    guard layout == Layout(domain) else {
      throw ONNXObstacle("\(layout.shape) isn't [N, C, H, W] in the order of the layer before it")
    }
    return try map(expression, domain)
  }

  /// The map that an expression is.
  mutating func map(_ expression: Expression, _ domain: [Int]) throws(ONNXObstacle) -> Int {
    if let map = expression.map ?? settled[expression] { return map }
    guard let operation = operation(of: expression, channels: domain[1]) else {
      throw ONNXObstacle("arithmetic that is no norm and no change of range")
    }
    maps.append(Map(operation: operation, shape: domain))
    settled[expression] = maps.count - 1
    return maps.count - 1
  }

  private func operation(of expression: Expression, channels: Int) -> Operation? {
    guard expression.maps.count == 1, let map = expression.maps.first else { return nil }
    let parts = expression.parts
    let offset = vector(parts.offset, channels)
    if parts.deviation == nil, let factor = parts.factor.constant {
      if let offset = parts.offset.constant {
        guard factor.isFinite, offset.isFinite else { return nil }
        return .scaled(map, factor: factor, offset: offset)
      }
      if factor == 1, let offset, case .convolved(let input, var convolution) = maps[map].operation,
        case .none = convolution.bias
      {
        convolution.bias = .vector(offset)
        return .convolved(input, convolution)
      }
    }
    guard case .deviation(_, let extent, let epsilon) = parts.deviation, let offset,
      let factor = vector(parts.factor, channels)
    else { return nil }
    return .normalized(
      map, .measured(extent, epsilon: epsilon), gamma: factor, beta: offset)
  }

  /// The numbers of a sum of products of vectors.
  private func vector(_ sum: Expression, _ channels: Int) -> [Float]? {
    // A single vector stays as it is, to the bit.
    if sum.terms.count == 1, let (product, value) = sum.terms.first, value == 1,
      product.count == 1, product.values.first == 1, case .vector(let number) = product.keys.first
    {
      return vectors[number]
    }
    var result = [Double](repeating: 0, count: channels)
    for (product, value) in sum.terms {
      var term = [Double](repeating: value, count: channels)
      for (factor, exponent) in product {
        guard case .vector(let number) = factor, vectors[number].count == channels else {
          return nil
        }
        for _ in 0..<abs(exponent) {
          for channel in 0..<channels {
            let number = Double(vectors[number][channel])
            term[channel] = exponent > 0 ? term[channel] * number : term[channel] / number
          }
        }
      }
      for channel in 0..<channels { result[channel] += term[channel] }
    }
    return result.map { Float($0) }
  }
}

extension GraphWalk.Constant {
  init(_ tensor: ONNXTensor) {
    self.init(
      name: tensor.name, shape: tensor.shape, isInteger: tensor.isInteger, values: .tensor(tensor))
  }
}

extension Onnx_NodeProto {
  /// Whether the operator is one of ONNX itself.
  fileprivate var isOfONNX: Bool { domain.isEmpty || domain == "ai.onnx" }

  /// The node for people.
  var words: String {
    let name = name.isEmpty ? output.first ?? "" : name
    return "\(opType.printable) \(name.printable)"
  }
}
