import Foundation

/// Arithmetic with sizes: constants of few numbers.
extension GraphWalk {
  struct Numbers {
    var shape: [Int]
    var values: [Double]
    var isInteger: Bool
  }

  /// The most numbers that anything is computed of: the channels of the widest network.
  static let numberLimit = 4096

  /// The numbers of a constant, in the order of its layout.
  func numbers(of value: Value) throws(ONNXObstacle) -> Numbers {
    guard case .constant(let number, let layout) = value else {
      throw ONNXObstacle("a map instead of a constant")
    }
    let constant = constants[number]
    guard constant.shape.reduce(1, *) <= Self.numberLimit, layout.count <= Self.numberLimit else {
      throw ONNXObstacle(
        "a constant of \(layout.count) numbers; \(Self.numberLimit) would be many")
    }
    let values: [Double] =
      switch constant.values {
      case .numbers(let values): values
      case .tensor(let tensor): try file.values(of: tensor)
      }
    return Numbers(
      shape: layout.shape,
      values: values.isEmpty ? [] : layout.places(in: constant.shape).map { values[$0] },
      isInteger: constant.isInteger)
  }

  /// The whole numbers of a constant that says something of each axis, perhaps of both its ends.
  func integers(_ value: Value) throws(ONNXObstacle) -> [Int] {
    let values = try numbers(of: value).values
    guard values.count <= 2 * Layout.rankLimit else {
      throw ONNXObstacle("\(values.count) numbers for the axes of a tensor")
    }
    return values.map { Int(clamping: $0) }
  }

  mutating func add(_ numbers: Numbers) throws(ONNXObstacle) -> Value {
    try add(numbers.values, shape: numbers.shape, isInteger: numbers.isInteger)
  }

  // MARK: Nodes

  mutating func constant(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    if let tensor = node["value"]?.t {
      // Named by its output where it isn't by itself.
      var tensor = tensor
      if tensor.name.isEmpty { tensor.name = node.output.first ?? "" }
      return try add(Constant(ONNXTensor(tensor)))
    }
    if let attribute = node["value_float"] ?? node["value_int"] {
      let isInteger = attribute.name == "value_int"
      return try add(
        [isInteger ? Double(attribute.i) : Double(attribute.f)], shape: [], isInteger: isInteger)
    }
    if let attribute = node["value_floats"] ?? node["value_ints"] {
      let isInteger = attribute.name == "value_ints"
      let values = isInteger ? attribute.ints.map { Double($0) } : attribute.floats.map(Double.init)
      return try add(values, shape: [values.count], isInteger: isInteger)
    }
    throw ONNXObstacle("holds no numbers")
  }

  /// A cast: of maps and weights none that is seen, as all is computed in single precision.
  mutating func cast(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let value = try input(node, 0)
    let type = Onnx_TensorProto.DataType(rawValue: node.integer("to", or: 0)) ?? .undefined
    let isInteger = [.int32, .int64, .bool].contains(type)
    guard case .constant(let number, _) = value, constants[number].isInteger != isInteger else {
      return value
    }
    var numbers = try numbers(of: value)
    numbers.isInteger = isInteger
    if isInteger { numbers.values = numbers.values.map { $0.rounded(.towardZero) } }
    return try add(numbers)
  }

  mutating func sizes(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    switch node.opType {
    case "Shape":
      let shape = try input(node, 0).layout?.shape ?? []
      let bounds = [node.integer("start", or: 0), node.integer("end", or: shape.count)]
        .map { max(0, min(shape.count, $0 < 0 ? $0 + shape.count : $0)) }
      let part = shape[bounds[0]..<max(bounds[0], bounds[1])].map(Double.init)
      return try add(part, shape: [part.count], isInteger: true)
    case "Size":
      return try add(
        [Double(input(node, 0).layout?.count ?? 0)], shape: [], isInteger: true)
    case "Gather":
      let numbers = try numbers(of: input(node, 0))
      let wanted = try self.numbers(of: input(node, 1))
      guard numbers.shape.count == 1, try index(node.integer("axis", or: 0), in: 1) == 0 else {
        throw ONNXObstacle("gathers from \(numbers.shape)")
      }
      let places = try indices(
        wanted.values.map { Int(clamping: $0) }, in: numbers.values.count)
      return try add(
        Numbers(
          shape: wanted.shape, values: places.map { numbers.values[$0] },
          isInteger: numbers.isInteger))
    case "Slice": return try slice(node)
    case "ConstantOfShape":
      let shape = try integers(input(node, 0))
      let tensor = try node["value"].map { attribute throws(ONNXObstacle) in
        try ONNXTensor(attribute.t)
      }
      guard tensor.map({ $0.count == 1 }) ?? true else {
        throw ONNXObstacle("fills a tensor with \(tensor?.count ?? 0) numbers")
      }
      let value = try tensor.map { tensor throws(ONNXObstacle) in
        try file.values(of: tensor, as: Double.self)
      }
      let isInteger = tensor?.isInteger ?? false
      if shape.contains(0) { return try add([], shape: [0], isInteger: isInteger) }
      let constant = try add(value ?? [0], shape: [], isInteger: isInteger)
      guard let layout = constant.layout?.broadcast(to: shape) else {
        throw ONNXObstacle("makes a constant of shape \(shape)")
      }
      return try with(layout, constant)
    case "ReduceProd":
      let numbers = try numbers(of: input(node, 0))
      guard numbers.shape.count <= 1 else { throw ONNXObstacle("of \(numbers.shape)") }
      let keeps = node.integer("keepdims", or: 1) != 0
      return try add(
        [numbers.values.reduce(1, *)], shape: keeps ? numbers.shape.map { _ in 1 } : [],
        isInteger: numbers.isInteger)
    case "Range":
      let bounds = try (0..<3).map { number throws(ONNXObstacle) in
        try numbers(node, number).first ?? 0
      }
      let count = ((bounds[1] - bounds[0]) / bounds[2]).rounded(.up)
      guard count <= Double(Self.numberLimit) else { throw ONNXObstacle("counts to \(bounds[1])") }
      let values = (0..<max(0, Int(clamping: count))).map { bounds[0] + Double($0) * bounds[2] }
      return try add(values, shape: [values.count], isInteger: true)
    default:
      let parts = try (0..<3).map { number throws(ONNXObstacle) in
        try numbers(of: input(node, number))
      }
      let count = parts.map(\.values.count).max() ?? 0
      guard parts.allSatisfy({ $0.values.count == count || $0.values.count == 1 }), count > 0 else {
        throw ONNXObstacle("chooses between \(parts[1].shape) and \(parts[2].shape)")
      }
      let values = (0..<count).map { place in
        let chosen = parts.map { $0.values[$0.values.count == 1 ? 0 : place] }
        return chosen[0] != 0 ? chosen[1] : chosen[2]
      }
      let widest = parts.first { $0.values.count == count } ?? parts[0]
      return try add(
        Numbers(shape: widest.shape, values: values, isInteger: parts[1].isInteger))
    }
  }

  private mutating func slice(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    var numbers = try numbers(of: input(node, 0))
    guard let starts = try integers(node, 1, or: "starts"),
      let ends = try integers(node, 2, or: "ends"), starts.count == ends.count
    else { throw ONNXObstacle("says no range") }
    let axes = try indices(
      integers(node, 3, or: "axes") ?? Array(starts.indices), in: numbers.shape.count)
    let steps = try integers(node, 4, or: "steps") ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count else {
      throw ONNXObstacle("says ranges of \(starts.count), \(axes.count), \(steps.count) axes")
    }
    for (number, axis) in axes.enumerated() {
      let extent = numbers.shape[axis]
      let step = steps[number]
      guard step != 0, step > -Self.numberLimit, step < Self.numberLimit else {
        throw ONNXObstacle("goes by \(step)")
      }
      let lowest = step > 0 ? 0 : -1
      let highest = step > 0 ? extent : extent - 1
      let (start, end) = (starts[number], ends[number])
      func bounded(_ place: Int) -> Int {
        min(highest, max(lowest, place < 0 ? place &+ extent : place))
      }
      let places = Array(stride(from: bounded(start), to: bounded(end), by: step))
      let inner = numbers.shape[(axis + 1)...].reduce(1, *)
      let outer = numbers.shape[..<axis].reduce(1, *)
      let values = numbers.values
      numbers.values = (0..<outer).flatMap { block in
        places.flatMap { place in
          let first = (block * extent + place) * inner
          return values[first..<first + inner]
        }
      }
      numbers.shape[axis] = places.count
    }
    return try add(numbers)
  }

  /// Numbers side by side along an axis.
  mutating func joined(_ parts: [Numbers], along axis: Int) throws(ONNXObstacle) -> Value {
    let first = parts[0]
    let outer = first.shape[..<axis].reduce(1, *)
    for part in parts {
      guard part.shape.count == first.shape.count,
        part.shape.indices.allSatisfy({ $0 == axis || part.shape[$0] == first.shape[$0] })
      else { throw ONNXObstacle("puts \(first.shape) beside \(part.shape)") }
    }
    guard parts.reduce(0, { $0 + $1.values.count }) <= Self.numberLimit else {
      throw ONNXObstacle("is too large")
    }
    let values = (0..<outer).flatMap { block in
      parts.flatMap { part in
        let count = part.values.count / max(1, outer)
        return part.values[block * count..<(block + 1) * count]
      }
    }
    var shape = first.shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    return try add(Numbers(shape: shape, values: values, isInteger: first.isInteger))
  }
}

extension Int {
  /// The whole number next to a number towards 0, the largest or smallest beyond them.
  init(clamping number: Double) {
    let whole = number.rounded(.towardZero)
    self = Int(exactly: whole) ?? (whole > 0 ? .max : whole < 0 ? .min : 0)
  }
}
