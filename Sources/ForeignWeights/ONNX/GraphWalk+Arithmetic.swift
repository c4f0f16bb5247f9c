import Foundation

extension GraphWalk {
  /// The result of a node that computes number by number.
  mutating func arithmetic(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let inputs = try node.input.indices.map { number throws(ONNXObstacle) in
      try input(node, number)
    }
    guard inputs.count == 1 || inputs.count == 2 else {
      throw ONNXObstacle("has \(inputs.count) inputs")
    }
    let areConstant = inputs.allSatisfy { if case .constant = $0 { true } else { false } }
    if areConstant { return try computed(node.opType, inputs) }
    if let clipped = try rectified(node, inputs) { return clipped }
    guard inputs.count == 2 else {
      return try root(node.opType == "Reciprocal" ? -1 : 1, of: inputs[0], node)
    }
    if node.opType == "Pow", case .constant = inputs[1],
      let exponent = try numbers(of: inputs[1]).values.first
    {
      return try power(exponent, of: inputs[0])
    }
    return try combined(node.opType, inputs[0], inputs[1])
  }

  /// Two values of which one is computed of a map, number by number.
  private mutating func combined(
    _ operation: String, _ a: Value, _ b: Value
  ) throws(ONNXObstacle) -> Value {
    guard let reference = a.mapLayout ?? b.mapLayout else { return .unknown }
    let isFactor = operation == "Mul" || operation == "Div"
    let first = try term(a, beside: reference, isFactor: isFactor)
    let second = try term(b, beside: reference, isFactor: isFactor)
    guard first.domain == second.domain, let layout = first.layout.joined(with: second.layout)
    else {
      throw ONNXObstacle(
        "of shapes \(first.layout.shape) and \(second.layout.shape), or of other orders")
    }
    let result: Expression?
    switch operation {
    case "Add":
      if first.expression.maps.union(second.expression.maps).count > 1 {
        let numbers = try [map(a), map(b)]
        return try add(.added(numbers[0], numbers[1]), first.domain)
      }
      result = first.expression + second.expression
    case "Sub": result = first.expression + -second.expression
    case "Mul": result = first.expression * second.expression
    case "Div": result = second.expression.reciprocal.flatMap { first.expression * $0 }
    default: result = nil
    }
    guard let result else { throw ONNXObstacle("is no step of a norm") }
    return .map(result, domain: first.domain, layout)
  }

  private typealias Term = (expression: Expression, domain: [Int], layout: Layout)

  /// What a value is in arithmetic with maps: a constant a number, or one for each channel.
  private mutating func term(
    _ value: Value, beside reference: (domain: [Int], layout: Layout), isFactor: Bool
  ) throws(ONNXObstacle) -> Term {
    switch value {
    case .map(let expression, let domain, let layout): return (expression, domain, layout)
    case .unknown: throw ONNXObstacle("isn't known")
    case .constant(let number, let layout):
      let constant = constants[number]
      if constant.shape.allSatisfy({ $0 == 1 }) {
        guard let factor = try numbers(of: value).values.first, factor.isFinite else {
          throw ONNXObstacle("takes a number that isn't finite")
        }
        let expression =
          isFactor && factor == 0
          ? try vector(number, times: reference.domain[1], isFactor: true) : Expression(factor)
        return (expression, reference.domain, layout)
      }
      let channels = try channelLayout(constant, layout, beside: reference)
      return (
        try vector(number, times: channels.times, isFactor: isFactor), reference.domain,
        channels.layout
      )
    }
  }

  /// The layout of a constant as numbers of the channels, and the channels that share one.
  private func channelLayout(
    _ constant: Constant, _ layout: Layout, beside reference: (domain: [Int], layout: Layout)
  ) throws(ONNXObstacle) -> (layout: Layout, times: Int) {
    let channels = reference.domain[1]
    let count = constant.shape.reduce(1, *)
    let fault = ONNXObstacle("takes a constant of shape \(layout.shape), not one for each channel")
    guard let own = layout.broadcast(to: reference.layout.shape),
      let other = reference.layout.broadcast(to: own.shape), channels.isMultiple(of: count)
    else { throw fault }
    let places = own.sourceDigits.indices.filter { !own.sourceDigits[$0].isEmpty }
    guard places.count == 1, own.sourceDigits[places[0]].map(\.size) == [count],
      own.sourceDigits[places[0]][0].stride == 1
    else { throw fault }
    let digit = Layout.Digit(axis: 1, size: count, stride: channels / count)
    guard other.axes[places[0]] == [digit] else { throw fault }
    let kept = other.reduced(Set(other.axes.indices).subtracting(places), keeping: true)
    return (kept, channels / count)
  }

  /// A constant as a vector, each number `times` times; a number where it is all 1, or all 0 and no
  /// factor, which would leave nothing of a norm.
  mutating func vector(
    _ constant: Int, times: Int, isFactor: Bool
  ) throws(ONNXObstacle) -> Expression {
    let key = [constant, times, isFactor ? 1 : 0]
    if let number = vectorNumbers[key] { return Expression(.vector(number)) }
    guard constants[constant].shape.reduce(1, *) <= Self.numberLimit else {
      throw ONNXObstacle("takes a constant of shape \(constants[constant].shape)")
    }
    let values = try floats(of: constant).flatMap { [Float](repeating: $0, count: times) }
    for number: Float in isFactor ? [1] : [0, 1]
    where values.allSatisfy({ $0.bitPattern == number.bitPattern }) {
      return Expression(Double(number))
    }
    vectors.append(values)
    vectorNumbers[key] = vectors.count - 1
    return Expression(.vector(vectors.count - 1))
  }

  // MARK: One input

  private mutating func root(
    _ exponent: Int, of value: Value, _ node: Onnx_NodeProto
  ) throws(ONNXObstacle) -> Value {
    switch node.opType {
    case "Sqrt": return try power(0.5, of: value)
    case "Reciprocal": return try power(-1, of: value)
    case "Neg":
      guard case .map(let expression, let domain, let layout) = value else { return .unknown }
      return .map(-expression, domain: domain, layout)
    default: throw ONNXObstacle("is no step of a norm")
    }
  }

  private func power(_ exponent: Double, of value: Value) throws(ONNXObstacle) -> Value {
    guard case .map(let expression, let domain, let layout) = value else { return .unknown }
    let result: Expression? =
      switch exponent {
      case 1: expression
      case 2: expression * expression
      case -1: expression.reciprocal
      case 0.5: expression.squareRoot
      case -0.5: expression.squareRoot?.reciprocal
      default: nil
      }
    guard let result else {
      throw ONNXObstacle(
        "the power \(exponent) of what is no variance (the biased one) with epsilon added")
    }
    return .map(result, domain: domain, layout)
  }

  /// The mean over axes: with the height and width among them a statistic.
  mutating func mean(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    guard case .map(let expression, let domain, let layout) = try input(node, 0) else {
      throw ONNXObstacle("the mean of a constant")
    }
    let isGlobal = node.opType == "GlobalAveragePool"
    let asked =
      isGlobal ? Array(layout.axes.indices.dropFirst(2)) : try integers(node, 1, or: "axes")
    let axes = try Set(indices(asked ?? Array(layout.axes.indices), in: layout.rank))
    let extent = try extent(axes, of: layout, domain)
    guard let mean = expression.mean(over: extent) else {
      throw ONNXObstacle("the mean of what is no map and no square of one")
    }
    let keeps = isGlobal || node.integer("keepdims", or: 1) != 0
    return .map(mean, domain: domain, layout.reduced(axes, keeping: keeps))
  }

  /// What axes of a layout are of the map.
  func extent(
    _ axes: Set<Int>, of layout: Layout, _ domain: [Int]
  ) throws(ONNXObstacle) -> Expression.Extent {
    var extent = Expression.Extent(axes: [])
    for digit in axes.flatMap({ layout.axes[$0] }) {
      guard let axis = digit.axis else { continue }
      guard digit.stride == 1, axis == 1 || digit.size == domain[axis] else {
        throw ONNXObstacle("the mean over a part of a map's rows, columns or channels")
      }
      if axis == 1 { extent.channels = digit.size } else { extent.axes.insert(axis) }
    }
    return extent
  }

  // MARK: Constants

  /// Arithmetic with constants.
  private mutating func computed(
    _ operation: String, _ inputs: [Value]
  ) throws(ONNXObstacle) -> Value {
    var parts = try inputs.map { value throws(ONNXObstacle) in try numbers(of: value) }
    let isInteger = parts.allSatisfy(\.isInteger)
    if parts.count == 1 {
      let function: (Double) -> Double
      switch operation {
      case "Floor": function = { $0.rounded(.down) }
      case "Ceil": function = { $0.rounded(.up) }
      case "Sqrt": function = { $0.squareRoot() }
      case "Reciprocal": function = { 1 / $0 }
      case "Neg": function = { -$0 }
      default: throw ONNXObstacle("has one input")
      }
      parts[0].values = parts[0].values.map(function)
      return try add(parts[0])
    }
    let function: (Double, Double) -> Double
    switch operation {
    case "Add": function = { $0 + $1 }
    case "Sub": function = { $0 - $1 }
    case "Mul": function = { $0 * $1 }
    case "Div": function = isInteger ? { ($0 / $1).rounded(.towardZero) } : { $0 / $1 }
    case "Pow": function = { pow($0, $1) }
    case "Equal": function = { $0 == $1 ? 1 : 0 }
    case "Min": function = { min($0, $1) }
    case "Max": function = { max($0, $1) }
    default: throw ONNXObstacle("has two inputs")
    }
    // Both brought to one shape, and read anew in it.
    var operands: [[Double]] = []
    var shape: [Int] = []
    for (value, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
      guard case .constant(let number, let layout) = value,
        let wide = layout.broadcast(to: other.layout?.shape ?? [])
      else { throw ONNXObstacle("of \(parts[0].shape) and \(parts[1].shape)") }
      shape = wide.shape
      try operands.append(numbers(of: .constant(number, wide)).values)
    }
    return try add(
      zip(operands[0], operands[1]).map(function), shape: shape, isInteger: isInteger)
  }
}

extension GraphWalk.Value {
  /// The layout of what is computed of a map.
  fileprivate var mapLayout: (domain: [Int], layout: Layout)? {
    if case .map(_, let domain, let layout) = self { (domain, layout) } else { nil }
  }
}
