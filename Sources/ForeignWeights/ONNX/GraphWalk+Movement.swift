extension GraphWalk {
  /// The result of a node that moves numbers and changes none.
  mutating func moved(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let value = try input(node, 0)
    guard let layout = value.layout else { return .unknown }
    guard let moved = try self.layout(of: node, from: layout) else {
      throw ONNXObstacle("makes of \(layout.shape) what no norm or enlargement takes")
    }
    return try with(moved, value)
  }

  private func layout(
    of node: Onnx_NodeProto, from layout: Layout
  ) throws(ONNXObstacle) -> Layout? {
    let shape = layout.shape
    switch node.opType {
    case "Reshape":
      guard let asked = try integers(node, 1, or: "shape") else { return nil }
      return try layout.reshaped(to: reshape(node, from: shape, to: asked))
    case "Flatten":
      let axis = try index(node.integer("axis", or: 1), in: shape.count + 1)
      return layout.reshaped(
        to: [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)])
    case "Squeeze":
      let asked = try integers(node, 1, or: "axes")
      let axes = try asked.map { asked throws(ONNXObstacle) in try indices(asked, in: shape.count) }
      let dropped = Set(axes ?? shape.indices.filter { shape[$0] == 1 })
      guard dropped.allSatisfy({ shape[$0] == 1 }) else { return nil }
      return layout.reduced(dropped, keeping: false)
    case "Unsqueeze":
      let asked = try integers(node, 1, or: "axes") ?? []
      let axes = try Set(indices(asked, in: shape.count + asked.count))
      var rest = shape[...]
      return layout.reshaped(
        to: (0..<shape.count + axes.count).map { axes.contains($0) ? 1 : rest.popFirst() ?? 1 })
    case "Transpose":
      return layout.transposed(node["perm"]?.ints.map { Int($0) } ?? shape.indices.reversed())
    case "Expand":
      return try layout.broadcast(to: integers(input(node, 1)))
    default:
      return try layout.repeated(integers(input(node, 1)))
    }
  }

  /// The shape that a Reshape to `asked` gives.
  private func reshape(
    _ node: Onnx_NodeProto, from shape: [Int], to asked: [Int]
  ) throws(ONNXObstacle) -> [Int] {
    let keepsZeros = node.integer("allowzero", or: 0) != 0
    var result = asked.enumerated().map { axis, extent in
      extent == 0 && !keepsZeros && axis < shape.count ? shape[axis] : extent
    }
    let count = shape.reduce(1, *)
    var known = 1
    for extent in result where extent != -1 {
      let (product, overflow) = known.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else { throw ONNXObstacle("reshapes \(shape) to \(asked)") }
      known = product
    }
    if let open = result.firstIndex(of: -1), count.isMultiple(of: known) {
      result[open] = count / known
    }
    guard result.count <= Layout.rankLimit, !result.contains(-1) else {
      throw ONNXObstacle("reshapes \(shape) to \(asked)")
    }
    return result
  }

  /// The value in another layout: an enlarged map where the layout says so.
  mutating func with(_ layout: Layout, _ value: Value) throws(ONNXObstacle) -> Value {
    guard layout.rank <= Layout.rankLimit else { throw ONNXObstacle("makes \(layout.rank) axes") }
    switch value {
    case .unknown: return .unknown
    case .constant(let constant, _): return .constant(constant, layout)
    case .map(let expression, let domain, _):
      let doubled = [1, 1, 2, 2]
      let spread = Layout(domain).reshaped(to: domain.flatMap { [$0, 1] })?
        .repeated(doubled.flatMap { [1, $0] })
      let enlarged = zip(domain, doubled).map { $0 * $1 }
      guard let spread, layout == spread.reshaped(to: enlarged) else {
        return .map(expression, domain: domain, layout)
      }
      return try add(.enlarged(map(expression, domain)), enlarged)
    }
  }

  /// Several tensors side by side: sizes, or a map beside itself.
  mutating func concatenation(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let parts = try node.input.indices.map { number throws(ONNXObstacle) in
      try input(node, number)
    }
    guard let first = parts.first, let layout = first.layout else {
      throw ONNXObstacle("has no inputs")
    }
    let axis = try index(node.integer("axis", or: 1), in: layout.rank)
    guard case .map(let expression, _, _) = first else {
      let numbers = try parts.map { part throws(ONNXObstacle) in try self.numbers(of: part) }
      return try joined(numbers, along: axis)
    }
    for part in parts {
      guard case .map(expression, _, layout) = part else {
        throw ONNXObstacle("puts different maps side by side")
      }
    }
    var counts = [Int](repeating: 1, count: layout.rank)
    counts[axis] = parts.count
    guard let repeated = layout.repeated(counts) else { throw ONNXObstacle("is too large") }
    return try with(repeated, first)
  }

  // MARK: Axes

  /// An axis, counted from the end where it is negative.
  func index(_ axis: Int, in count: Int) throws(ONNXObstacle) -> Int {
    guard (-count..<count).contains(axis) else {
      throw ONNXObstacle("axis \(axis) of \(count)")
    }
    return axis < 0 ? axis + count : axis
  }

  func indices(_ axes: [Int], in count: Int) throws(ONNXObstacle) -> [Int] {
    try axes.map { axis throws(ONNXObstacle) in try index(axis, in: count) }
  }
}

extension GraphWalk.Value {
  var layout: Layout? {
    switch self {
    case .constant(_, let layout), .map(_, _, let layout): layout
    case .unknown: nil
    }
  }
}
