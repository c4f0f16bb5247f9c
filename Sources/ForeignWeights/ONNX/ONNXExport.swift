import Foundation
import StyleModels
internal import SwiftProtobuf
import SystemFiles
import SystemPackage
import WeightFiles

extension ONNXWeights {
  /// Writes a style's network as ONNX, complete or not at all; equal styles give equal bytes.
  ///
  /// Operators of version 17: input `input` `[N, 3, H, W]`, output `output`
  /// `[N, 3, 4·ceil(H/4), 4·ceil(W/4)]`, RGB in single precision, 0…255, not clipped; N, H and W are
  /// free. Norm, groups, epsilon and, to single precision, range are the style's, and so are the
  /// weights, to the bit; a style on a base is made a network first. Name, licence, training, card and
  /// advice are the file's metadata, by the keys that our own files have.
  ///
  /// That is the bare network, as `--plain` runs it. What Pastiche does around it isn't in the file:
  /// the size of strokes and their detail, grain, margin, kept colors and strength, and the rules for
  /// pictures of a side below 5; and the output isn't cut to the size of the input.
  ///
  /// - Parameters:
  ///   - style: The style, of its own or on a base.
  ///   - path: The file to write.
  ///   - replacing: Whether a file that is there already is replaced.
  /// - Throws: `ForeignWeightsError.invalidStyle` where a style on a base can't be made a network,
  ///   `.onnx` where single precision can't tell its range, `.weightFile` where the file can't be
  ///   written.
  /// - Complexity: O(*n*) in weights, which are in memory three times.
  public static func write(
    _ style: StyleModel, to path: FilePath, replacing: Bool
  ) throws(ForeignWeightsError) {
    let bytes = try encoded(style)
    do throws(AtomicFileError) {
      let file = try AtomicFile(path: path, replacing: replacing)
      try bytes.withUnsafeBufferPointer { bytes throws(AtomicFileError) in
        try file.write(UnsafeRawBufferPointer(bytes))
      }
      try file.commit()
    } catch {
      throw .weightFile(.unwritable(error))
    }
  }

  /// The bytes of the file that `write` writes.
  ///
  /// - Throws: As `write`, but for the file.
  public static func encoded(_ style: StyleModel) throws(ForeignWeightsError) -> [UInt8] {
    let network: StyleModel
    do throws(StyleModelError) { network = try style.asNetwork(named: style.name) } catch {
      throw .invalidStyle(error)
    }
    let range = network.description.inputRange
    let (black, white) = (Float(range.lowerBound), Float(range.upperBound))
    guard black < white, black.isFinite, white.isFinite,
      Float(ONNXExport.levels(of: range)).isNormal
    else { throw .onnx(.range(range)) }
    let export = ONNXExport(of: network)
    // The graph at the end: a file that is cut off lacks a part of it, wherever that is. Messages one
    // after the other are one.
    var rest = export.model
    rest.clearGraph()
    let graph = Onnx_ModelProto.with { $0.graph = export.model.graph }
    do {
      let bytes: [UInt8] = try rest.serializedBytes()
      return try bytes + graph.serializedBytes()
    } catch {
      throw .onnx(.tooLarge("a network", bytes: export.byteCount, limit: 1 << 31))
    }
  }
}

/// A network as a model of ONNX.
struct ONNXExport {
  private(set) var model = Onnx_ModelProto()
  private let style: StyleModel
  private var graph = Onnx_GraphProto()

  /// Bytes of the weights.
  var byteCount: Int { model.graph.initializer.reduce(0) { $0 + $1.rawData.count } }

  /// - Precondition: The style has convolutions of its own.
  init(of style: StyleModel) {
    self.style = style
    graph.name = style.name
    graph.input = [Self.picture("input", ["N", "3", "H", "W"])]
    graph.output = [Self.picture("output", ["N", "3", "4*ceil(H/4)", "4*ceil(W/4)"])]
    let range = style.description.inputRange
    let levels = Self.levels(of: range)
    var last = "input"
    if levels != 1 { last = add("Div", [last, scalar(levels, "levels")]) }
    if range.lowerBound != 0 { last = add("Add", [last, scalar(range.lowerBound, "black")]) }
    var results: [String] = []
    for layer in style.description.layers {
      let input = if case .output(let number) = layer.input { results[number] } else { last }
      var result = activated(normalized(convolved(input, layer), layer), layer)
      if let added = layer.adds {
        result = add("Add", [result, results[added]], "\(layer.name).sum")
      }
      results.append(result)
    }
    last = results.last ?? last
    if range.lowerBound != 0 { last = add("Sub", [last, scalar(range.lowerBound, "black")]) }
    if levels != 1 { last = add("Mul", [last, scalar(levels, "levels")]) }
    if let node = graph.node.indices.last { graph.node[node].output = ["output"] }

    model.irVersion = 8
    model.producerName = "pastiche"
    model.opsetImport = [.with { $0.version = 17 }]
    var metadata = style.weightFile().metadata
    for (name, tensor) in style.weights
    where !graph.initializer.contains(where: { $0.name == name }) {
      metadata[Self.tensorKey + name] = Self.bytes(tensor.values).base64EncodedString()
    }
    model.metadataProps = metadata.sorted { $0.key < $1.key }.map { key, value in
      .with { ($0.key, $0.value) = (key, value) }
    }
    model.graph = graph
  }

  /// What 255 levels are divided by, as 255 to 1 is a number of single precision and 1 to 255 isn't.
  static func levels(of range: ClosedRange<Double>) -> Double {
    255 / (range.upperBound - range.lowerBound)
  }

  private static func picture(_ name: String, _ shape: [String]) -> Onnx_ValueInfoProto {
    .with { info in
      info.name = name
      info.type.tensorType.elemType = Int32(Onnx_TensorProto.DataType.float.rawValue)
      info.type.tensorType.shape.dim = shape.map { size in
        .with { dimension in
          if let size = Int64(size) { dimension.dimValue = size } else { dimension.dimParam = size }
        }
      }
    }
  }

  // MARK: Layers

  private mutating func convolved(_ input: String, _ layer: LayerDescription) -> String {
    let name = layer.name
    var last = input
    switch layer.resampling {
    case .none: break
    case .nearest:
      let scales = floats([1, 1, 2, 2], [4], "scales")
      last = add(
        "Resize", [last, "", scales], "\(name).enlarged",
        [
          .text("mode", "nearest"), .text("coordinate_transformation_mode", "asymmetric"),
          .text("nearest_mode", "floor"),
        ])
    case .maximum:
      last = add(
        "MaxPool", [last], "\(name).maximum",
        [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])])
    }
    let (padding, convolution) = (layer.padding, layer.convolution)
    let sides = [padding.top, padding.left, padding.bottom, padding.right]
    var attributes: [Onnx_AttributeProto] = [
      .integers("strides", [convolution.stride, convolution.stride])
    ]
    if convolution.isTransposed {
      attributes.append(.integers("pads", sides))
    } else if padding.followsSide {
      attributes.append(.text("auto_pad", "SAME_UPPER"))
    } else if sides.contains(where: { $0 > 0 }) {
      let pads = integers([0, 0] + sides[..<2] + [0, 0] + sides[2...], "\(name).pads")
      let mode =
        switch padding.kind {
        case .reflection: "reflect"
        case .replication: "edge"
        case .zero: "constant"
        }
      last = add("Pad", [last, pads], "\(name).padded", [.text("mode", mode)])
    }
    let (values, bias) = style.convolution(of: layer)
    let weights =
      convolution.isTransposed
      ? floats(
        convolution.swapped(values), convolution.swapped.weightShape, "\(name).weight")
      : floats(values, convolution.weightShape, "\(name).weight")
    let operands = [last, weights, floats(bias, [bias.count], "\(name).bias")]
    return add(
      convolution.isTransposed ? "ConvTranspose" : "Conv", operands, "\(name).convolved", attributes
    )
  }

  private mutating func normalized(_ input: String, _ layer: LayerDescription) -> String {
    guard let norm = layer.norm else { return input }
    let name = "\(layer.name).normalized"
    let epsilon = Float(style.description.epsilon)
    func tensor(_ part: String) -> [Float] { style.weights["\(norm).\(part)"]?.values ?? [] }
    let (gamma, beta) = (tensor("gamma"), tensor("beta"))
    let channels = gamma.count
    func perChannel(_ shape: [Int]) -> [String] {
      [floats(gamma, shape, "\(norm).gamma"), floats(beta, shape, "\(norm).beta")]
    }
    switch style.description.norm {
    case .instance:
      return add(
        "InstanceNormalization", [input] + perChannel([channels]), name,
        [.number("epsilon", epsilon)])
    case .batch:
      let stored = [
        floats(tensor("mean"), [channels], "\(norm).mean"),
        floats(tensor("variance"), [channels], "\(norm).variance"),
      ]
      return add(
        "BatchNormalization", [input] + perChannel([channels]) + stored, name,
        [.number("epsilon", epsilon)])
    case .layer, .group:
      let groups = style.description.norm == .layer ? 1 : style.description.groups
      let grouped = add(
        "Reshape", [input, integers([0, groups, -1], "groups")], "\(norm).grouped")
      let ones = floats(.init(repeating: 1, count: groups), [groups], "ones")
      let zeros = floats(.init(repeating: 0, count: groups), [groups], "zeros")
      let normalized = add(
        "InstanceNormalization", [grouped, ones, zeros], "\(norm).statistics",
        [.number("epsilon", epsilon)])
      let shape = add("Shape", [input], "\(norm).shape")
      let again = add("Reshape", [normalized, shape], "\(norm).channels")
      let operands = perChannel([channels, 1, 1])
      return add("Add", [add("Mul", [again, operands[0]], "\(norm).scaled"), operands[1]], name)
    case .batchLive:
      let axes = Onnx_AttributeProto.integers("axes", [0, 2, 3])
      let mean = add("ReduceMean", [input], "\(norm).measured", [axes])
      let centered = add("Sub", [input, mean], "\(norm).centered")
      let squares = add("Mul", [centered, centered], "\(norm).squares")
      let variance = add("ReduceMean", [squares], "\(norm).power", [axes])
      let sum = add("Add", [variance, scalar(Double(epsilon), "epsilon")], "\(norm).sum")
      let deviation = add("Sqrt", [sum], "\(norm).deviation")
      let quotient = add("Div", [centered, deviation], "\(norm).quotient")
      let operands = perChannel([channels, 1, 1])
      return add(
        "Add", [add("Mul", [quotient, operands[0]], "\(norm).scaled"), operands[1]], name)
    }
  }

  private mutating func activated(_ input: String, _ layer: LayerDescription) -> String {
    switch layer.activation {
    case .identity: return input
    case .relu: return add("Relu", [input], "\(layer.name).activated")
    case .tanh(let scale, let offset):
      let curve = add("Tanh", [input], "\(layer.name).tanh")
      let scaled = add(
        "Mul", [curve, scalar(Double(scale), "\(layer.name).scale")], "\(layer.name).scaled")
      return add(
        "Add", [scaled, scalar(Double(offset), "\(layer.name).offset")], "\(layer.name).activated")
    }
  }

  // MARK: Nodes and tensors

  /// A node of one output, which gives its name.
  private mutating func add(
    _ operation: String, _ inputs: [String], _ name: String? = nil,
    _ attributes: [Onnx_AttributeProto] = []
  ) -> String {
    let name = name ?? "\(operation.lowercased())_\(graph.node.count)"
    graph.node.append(
      .with {
        $0.opType = operation
        $0.input = inputs
        $0.output = [name]
        $0.name = name
        $0.attribute = attributes
      })
    return name
  }

  private mutating func scalar(_ value: Double, _ name: String) -> String {
    floats([Float(value)], [], name)
  }

  private mutating func floats(_ values: [Float], _ shape: [Int], _ name: String) -> String {
    add(Self.bytes(values), .float, shape, name)
  }

  private mutating func integers(_ values: [Int], _ name: String) -> String {
    add(values.withUnsafeBytes { Data($0) }, .int64, [values.count], name)
  }

  /// A tensor, added once.
  private mutating func add(
    _ bytes: Data, _ type: Onnx_TensorProto.DataType, _ shape: [Int], _ name: String
  ) -> String {
    if graph.initializer.contains(where: { $0.name == name }) { return name }
    graph.initializer.append(
      .with {
        $0.name = name
        $0.dims = shape.map { Int64($0) }
        $0.dataType = type
        $0.rawData = bytes
      })
    return name
  }

  // MARK: Tensors that the network doesn't use

  /// The prefix of metadata that holds a tensor.
  static let tensorKey = "tensor."

  private static func bytes(_ values: [Float]) -> Data { values.withUnsafeBytes { Data($0) } }

  /// Statistics of a style that doesn't use them, which are no part of its network: they stand in the
  /// metadata, as bytes in base64.
  static func keptTensors(
    in metadata: [String: String], for description: NetworkDescription
  ) -> [String: StoredTensor] {
    var tensors: [String: StoredTensor] = [:]
    for (name, shape) in description.tensors(withStatistics: true) {
      guard let text = metadata[tensorKey + name], let data = Data(base64Encoded: text),
        data.count == 4 * shape.reduce(1, *)
      else { continue }
      let values = data.withUnsafeBytes { bytes in
        (0..<data.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
      guard values.allSatisfy(\.isFinite) else { continue }
      tensors[name] = StoredTensor(shape: shape, values: values)
    }
    return tensors
  }
}

extension LayerDescription.Convolution {
  /// One from the outputs to the inputs.
  var swapped: Self {
    Self(outputChannels, inputChannels, kernelSize: kernelSize, stride: stride)
  }

  /// Weights `[O, I, K, K]` as `[I, O, K, K]`.
  func swapped(_ values: [Float]) -> [Float] {
    let size = kernelSize * kernelSize
    return (0..<inputChannels).flatMap { input in
      (0..<outputChannels).flatMap { output in
        let start = (output * inputChannels + input) * size
        return values[start..<start + size]
      }
    }
  }
}

extension Onnx_AttributeProto {
  static func integers(_ name: String, _ values: [Int]) -> Self {
    .with { ($0.name, $0.type, $0.ints) = (name, .ints, values.map { Int64($0) }) }
  }

  static func number(_ name: String, _ value: Float) -> Self {
    .with { ($0.name, $0.type, $0.f) = (name, .float, value) }
  }

  static func text(_ name: String, _ value: String) -> Self {
    .with { ($0.name, $0.type, $0.s) = (name, .string, Data(value.utf8)) }
  }
}
