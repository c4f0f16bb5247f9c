import Foundation
import StyleModels
import SystemFiles

extension GraphWalk {
  // MARK: Padding and convolution

  mutating func padded(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let map = try mapInput(node, 0)
    let shape = maps[map].shape
    let kinds: [String: LayerDescription.Padding.Kind] = [
      "reflect": .reflection, "edge": .replication, "constant": .zero,
    ]
    let mode = node.text("mode", or: "constant")
    guard let kind = kinds[mode] else { throw ONNXObstacle("pads by mode \(mode.printable)") }
    let value = hasInput(node, 2) ? try numbers(node, 2).first ?? 0 : Double(node["value"]?.f ?? 0)
    guard kind != .zero || value == 0 else { throw ONNXObstacle("pads with \(value)") }
    let asked = try integers(node, 1, or: "pads") ?? []
    let axes = try hasInput(node, 3) ? indices(integers(input(node, 3)), in: 4) : [0, 1, 2, 3]
    guard asked.count == 2 * axes.count else {
      throw ONNXObstacle("pads \(axes.count) axes by \(asked)")
    }
    var pads = [Int](repeating: 0, count: 8)
    for (number, axis) in axes.enumerated() {
      (pads[axis], pads[axis + 4]) = (asked[number], asked[number + axes.count])
    }
    return try padded(map, shape, kind, pads)
  }

  /// - Parameter pads: Before each axis, then after each.
  private mutating func padded(
    _ map: Int, _ shape: [Int], _ kind: LayerDescription.Padding.Kind, _ pads: [Int]
  ) throws(ONNXObstacle) -> Value {
    guard pads.allSatisfy({ (0...1024).contains($0) }), [0, 1, 4, 5].allSatisfy({ pads[$0] == 0 })
    else { throw ONNXObstacle("pads by \(pads)") }
    if pads.allSatisfy({ $0 == 0 }) {
      return .map(Expression(.map(map)), domain: shape, Layout(shape))
    }
    let padding = LayerDescription.Padding(
      kind, top: pads[2], left: pads[3], bottom: pads[6], right: pads[7])
    return try add(
      .padded(map, padding),
      [shape[0], shape[1], shape[2] + pads[2] + pads[6], shape[3] + pads[3] + pads[7]])
  }

  mutating func convolution(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    var map = try mapInput(node, 0)
    var (convolution, outputs, size) = try kernel(node, inputs: maps[map].shape[1])
    let stride = convolution.stride
    switch node.text("auto_pad", or: "NOTSET") {
    case "NOTSET":
      guard let pads = node["pads"]?.ints.map({ Int($0) }) else { break }
      guard pads.count == 4 else { throw ONNXObstacle("pads by \(pads)") }
      let all = [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]
      map = try self.map(padded(map, maps[map].shape, .zero, all))
    case "VALID": break
    case "SAME_UPPER":
      // As many outputs as there are strides begun.
      let shape = maps[map].shape
      let sides = [2, 3].map { (shape[$0] - 1) / stride * stride + size }
      let padding = LayerDescription.Padding.same(kernelSize: size, stride: stride)
      map = try self.map(add(.padded(map, padding), [shape[0], shape[1]] + sides))
    case let other:
      throw ONNXObstacle("pads by auto_pad \(other.printable); export with pads")
    }
    let input = maps[map].shape
    guard input[2] >= size, input[3] >= size else {
      throw ONNXObstacle("a kernel of \(size) on a map of \(input[2]) by \(input[3])")
    }
    convolution.bias = try bias(node, count: outputs)
    return try add(
      .convolved(map, convolution),
      [input[0], outputs] + [2, 3].map { (input[$0] - size) / stride + 1 })
  }

  /// One that is cut off as its pads say.
  mutating func transposedConvolution(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let map = try mapInput(node, 0)
    let input = maps[map].shape
    var (convolution, outputs, size) = try kernel(node, inputs: input[1], isTransposed: true)
    let stride = convolution.stride
    let pads = node["pads"]?.ints.map { Int($0) } ?? [0, 0, 0, 0]
    guard node.text("auto_pad", or: "NOTSET") == "NOTSET", node["output_shape"] == nil,
      node["output_padding"]?.ints.allSatisfy({ $0 == 0 }) ?? true
    else {
      throw ONNXObstacle(
        "its output is of a size of its own (auto_pad, output_shape or output_padding), which isn't read"
      )
    }
    guard pads.count == 4, pads.allSatisfy({ (0..<size).contains($0) }) else {
      throw ONNXObstacle("cuts off \(pads)")
    }
    let sides = [2, 3].map { (input[$0] - 1) * stride + size - pads[$0 - 2] - pads[$0] }
    guard sides.allSatisfy({ $0 > 0 }) else { throw ONNXObstacle("leaves \(sides)") }
    var padding = LayerDescription.Padding(
      .zero, top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
    // As SAME has it: the output's sides are multiples of the stride anyway.
    padding.followsSide = stride > 1
    convolution.bias = try bias(node, count: outputs)
    let cut = try self.map(add(.padded(map, padding), input))
    return try add(.convolved(cut, convolution), [input[0], outputs] + sides)
  }

  /// The weights of a convolution, and how they go over the map.
  private func kernel(
    _ node: Onnx_NodeProto, inputs: Int, isTransposed: Bool = false
  ) throws(ONNXObstacle) -> (convolution: Convolution, outputs: Int, size: Int) {
    guard case .constant(let weight, let layout) = try input(node, 1) else {
      throw ONNXObstacle("its weights aren't a constant")
    }
    let constant = constants[weight]
    let shape = layout.shape
    // Weights that were reshaped are read in the same order.
    guard layout.reshaped(to: constant.shape) == Layout(constant.shape) else {
      throw ONNXObstacle("its weights \(constant.name.printable) are turned")
    }
    let (from, to) = isTransposed ? (0, 1) : (1, 0)
    guard shape.count == 4, shape[from] == inputs, shape[2] == shape[3], shape[2] > 0,
      (1...Self.numberLimit).contains(shape[to]), shape[2] <= 1024
    else {
      throw ONNXObstacle(
        "weights of shape \(shape) for \(inputs) channels; a square kernel was expected")
    }
    let strides = node["strides"]?.ints.map { Int($0) } ?? [1, 1]
    guard strides.count == 2, strides[0] == strides[1], (1...16).contains(strides[0]) else {
      throw ONNXObstacle("goes by \(strides)")
    }
    guard node.integer("group", or: 1) == 1,
      node["dilations"]?.ints.allSatisfy({ $0 == 1 }) ?? true
    else { throw ONNXObstacle("is grouped or dilated") }
    let convolution = Convolution(
      weight: weight, bias: .none, stride: strides[0], isTransposed: isTransposed)
    return (convolution, shape[to], shape[2])
  }

  private func bias(
    _ node: Onnx_NodeProto, count: Int
  ) throws(ONNXObstacle) -> Convolution.Bias {
    guard hasInput(node, 2) else { return .none }
    guard case .constant(let bias, let layout) = try input(node, 2), layout.shape == [count],
      layout.reshaped(to: constants[bias].shape) != nil
    else { throw ONNXObstacle("its bias isn't \(count) constants") }
    return .constant(bias)
  }

  // MARK: Enlargement

  mutating func enlarged(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let map = try mapInput(node, 0)
    let shape = maps[map].shape
    let mode = node.text("mode", or: "nearest")
    guard mode == "nearest" else { throw ONNXObstacle("enlarges by mode \(mode.printable)") }
    let isUpsample = node.opType == "Upsample"
    let isOld = isUpsample || file.operatorSet < 11
    let axes =
      try node["axes"].map { axes throws(ONNXObstacle) in
        try indices(axes.ints.map { Int($0) }, in: 4)
      } ?? [0, 1, 2, 3]
    var target = shape
    if hasInput(node, 3) {
      let sizes = try integers(input(node, 3))
      guard sizes.count == axes.count else { throw ONNXObstacle("enlarges to \(sizes)") }
      for (axis, size) in zip(axes, sizes) { target[axis] = size }
    } else {
      let scales =
        try hasInput(node, isOld ? 1 : 2)
        ? numbers(node, isOld ? 1 : 2)
        : (node["scales"]?.floats ?? []).map(Double.init)
      guard scales.count == axes.count else {
        throw ONNXObstacle("enlarges \(axes.count) axes by \(scales.count) numbers")
      }
      for (axis, scale) in zip(axes, scales) {
        target[axis] = Int(clamping: (Double(shape[axis]) * scale).rounded(.down))
      }
    }
    let doubled = [shape[0], shape[1], 2 * shape[2], 2 * shape[3]]
    guard target == doubled else {
      throw ONNXObstacle("enlarges \(shape) to \(target) instead of \(doubled)")
    }
    let policy = node.text("keep_aspect_ratio_policy", or: "stretch")
    guard policy == "stretch", isOld || isPlain(node) else {
      throw ONNXObstacle(
        "doesn't take each sample four times ("
          + node.text("coordinate_transformation_mode", or: "half_pixel").printable + ", "
          + node.text("nearest_mode", or: "round_prefer_floor").printable + ")")
    }
    return try add(.enlarged(map), doubled)
  }

  /// Whether a Resize to twice the size takes each sample twice, by the formulas of its modes.
  private func isPlain(_ node: Onnx_NodeProto) -> Bool {
    let place: (Double) -> Double
    switch node.text("coordinate_transformation_mode", or: "half_pixel") {
    case "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric":
      place = { ($0 + 0.5) / 2 - 0.5 }
    case "asymmetric": place = { $0 / 2 }
    case "tf_half_pixel_for_nn": place = { ($0 + 0.5) / 2 }
    default: return false
    }
    let rounded: (Double) -> Double
    switch node.text("nearest_mode", or: "round_prefer_floor") {
    case "round_prefer_floor": rounded = { ($0 - 0.5).rounded(.up) }
    case "round_prefer_ceil": rounded = { ($0 + 0.5).rounded(.down) }
    case "floor": rounded = { $0.rounded(.down) }
    case "ceil": rounded = { $0.rounded(.up) }
    default: return false
    }
    return (0..<8).allSatisfy { max(0, rounded(place(Double($0)))) == Double($0 / 2) }
  }

  // MARK: Norms

  mutating func instanceNorm(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    guard case .map(let expression, let domain, let layout) = try input(node, 0),
      layout.rank >= 3
    else { throw ONNXObstacle("its input isn't a map") }
    let channels = layout.shape[1]
    let extent = try extent(Set(2..<layout.rank), of: layout, domain)
    let scale = try scaleAndShift(node, count: channels)
    guard let repeats = domain[1].dividedExactly(by: channels),
      layout.axes[1]
        == Layout([channels]).axes[0].map({ _ in
          Layout.Digit(axis: 1, size: channels, stride: repeats)
        })
    else { throw ONNXObstacle("\(layout.shape) isn't [N, C, ...] of the layer before it") }
    let map = try map(expression, domain)
    return try normalized(map, extent, node, scale, times: repeats, layout)
  }

  mutating func groupNorm(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let map = try mapInput(node, 0)
    let shape = maps[map].shape
    let groups = node.integer("num_groups", or: 0)
    guard groups > 0, let size = shape[1].dividedExactly(by: groups) else {
      throw ONNXObstacle("\(groups) groups of \(shape[1]) channels")
    }
    // Up to version 20 of the operators a number for each group.
    let count = file.operatorSet < 21 ? groups : shape[1]
    return try normalized(
      map, .init(axes: [2, 3], channels: size), node, scaleAndShift(node, count: count),
      times: shape[1] / count, Layout(shape))
  }

  /// The numbers of the constants that are a norm's gamma and beta.
  private func scaleAndShift(_ node: Onnx_NodeProto, count: Int) throws(ONNXObstacle) -> [Int] {
    try [1, 2].map { number throws(ONNXObstacle) in
      guard case .constant(let constant, let layout) = try input(node, number),
        layout.shape == [count], layout.reshaped(to: constants[constant].shape) != nil
      else { throw ONNXObstacle("its input \(number + 1) isn't \(count) constants") }
      return constant
    }
  }

  /// `(x − mean) / deviation · gamma + beta`, the latter two each number `times` times.
  private mutating func normalized(
    _ map: Int, _ extent: Expression.Extent, _ node: Onnx_NodeProto, _ scale: [Int], times: Int,
    _ layout: Layout
  ) throws(ONNXObstacle) -> Value {
    let gamma = try vector(scale[0], times: times, isFactor: true)
    let beta = try vector(scale[1], times: times, isFactor: false)
    let deviation = Expression(.deviation(map, extent, epsilon: node.epsilon))
    guard let centered = Expression(.map(map)) + -Expression(.mean(map, extent)),
      let normalized = deviation.reciprocal.flatMap({ centered * $0 }),
      let scaled = normalized * gamma, let result = scaled + beta
    else { throw ONNXObstacle("is no norm") }
    return .map(result, domain: maps[map].shape, layout)
  }

  mutating func batchNorm(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let map = try mapInput(node, 0)
    let shape = maps[map].shape
    if node.integer("training_mode", or: 0) != 0 {
      return try normalized(
        map, .init(axes: [0, 2, 3]), node, scaleAndShift(node, count: shape[1]), times: 1,
        Layout(shape))
    }
    let values = try (1...4).map { number throws(ONNXObstacle) in
      try channelValues(node, number, count: shape[1])
    }
    return try add(
      .normalized(
        map, .stored(mean: values[2], variance: values[3], epsilon: node.epsilon),
        gamma: values[0], beta: values[1]),
      shape)
  }

  // MARK: Activations

  mutating func clipped(_ node: Onnx_NodeProto) throws(ONNXObstacle) -> Value {
    let map = try mapInput(node, 0)
    if node.opType == "Relu" { return try add(.rectified(map), maps[map].shape) }
    func bound(_ number: Int, _ name: String, _ other: Double) throws(ONNXObstacle) -> Double {
      hasInput(node, number)
        ? try numbers(node, number).first ?? other : node[name].map { Double($0.f) } ?? other
    }
    return try clipped(map, bound(1, "min", -.infinity), bound(2, "max", .infinity))
  }

  /// A Min or Max of a map and a number; nil for others.
  mutating func rectified(
    _ node: Onnx_NodeProto, _ inputs: [Value]
  ) throws(ONNXObstacle) -> Value? {
    guard node.opType == "Max" || node.opType == "Min" else { return nil }
    let isSecond = if case .constant = inputs[0] { true } else { false }
    guard inputs.count == 2,
      let number = try numbers(of: inputs[isSecond ? 0 : 1]).values.first
    else { throw ONNXObstacle("of more than one number") }
    let map = try map(inputs[isSecond ? 1 : 0])
    return try node.opType == "Max"
      ? clipped(map, number, .infinity) : clipped(map, -.infinity, number)
  }

  private mutating func clipped(
    _ map: Int, _ low: Double, _ high: Double
  ) throws(ONNXObstacle) -> Value {
    guard low < high else { throw ONNXObstacle("clips to \(low)...\(high)") }
    let shape = maps[map].shape
    // From below and from above, one after the other.
    switch maps[map].operation {
    case .rectified(let input) where low == -.infinity: return try clipped(input, 0, high)
    case .clipped(let input, let range) where low == 0 && range.lowerBound == -.infinity:
      return try clipped(input, 0, range.upperBound)
    default: break
    }
    if low == 0, high == .infinity { return try add(.rectified(map), shape) }
    return try add(.clipped(map, low...high), shape)
  }
}

extension Int {
  /// The quotient; nil where there is a rest.
  fileprivate func dividedExactly(by divisor: Int) -> Int? {
    divisor > 0 && isMultiple(of: divisor) ? self / divisor : nil
  }
}
