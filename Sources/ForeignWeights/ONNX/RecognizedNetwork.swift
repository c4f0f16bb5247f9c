import StyleModels
import WeightFiles

/// The layers of a walked graph, and what they hold.
struct RecognizedNetwork {
  /// A norm, where its statistics are as the layers tell.
  struct Norm {
    let statistics: GraphWalk.Statistics
    let gamma: [Float]
    let beta: [Float]
  }

  /// A change of range, `factor · x + offset`.
  private struct Change {
    var factor = 1.0
    var offset = 0.0

    mutating func follow(by factor: Double, _ offset: Double) {
      self.factor *= factor
      self.offset = self.offset * factor + offset
    }
  }

  private(set) var layers: [LayerDescription] = []
  private(set) var convolutions: [GraphWalk.Convolution] = []
  private(set) var norms: [Norm?] = []
  private(set) var obstacles: [String] = []

  /// Whether `ONNXWeights.write` made the file, which takes 0...255 whatever the network does.
  private let isOurs: Bool
  private var before = Change()
  private var after = Change()
  private var bounds: ClosedRange<Double>?

  /// The maps that the layers' results are.
  private var results: [Int] = []
  private var resampling = LayerDescription.Resampling.none
  private var padding: LayerDescription.Padding?

  /// Makes layers of the maps on the way from the picture to the output.
  init(_ walk: GraphWalk) {
    isOurs = StyleModel.recognizes(walk.file.metadata)
    guard let output = walk.output else {
      // The way as far as it is known.
      if !walk.maps.isEmpty { follow(walk, to: walk.maps.count - 1) }
      return
    }
    follow(walk, to: output)
    if resampling != .none || padding != nil { obstacles.append("no convolution at the end") }
  }

  private mutating func follow(_ walk: GraphWalk, to output: Int) {
    var path = [output]
    while let last = path.last, let input = walk.maps[last].operation.input { path.append(input) }
    for map in path.reversed() { add(walk.maps[map], number: map, walk) }
  }

  private mutating func add(_ map: GraphWalk.Map, number: Int, _ walk: GraphWalk) {
    switch map.operation {
    case .picture: return
    case .enlarged:
      if resampling != .none || padding != nil { note("an enlargement after another change") }
      resampling = .nearest
      return
    case .padded(_, let padding):
      if self.padding != nil { note("a second padding") }
      self.padding = padding
      return
    case .convolved(let input, let convolution):
      let shape = walk.constants[convolution.weight].shape
      var hasBias = true
      if case .none = convolution.bias { hasBias = false }
      layers.append(
        LayerDescription(
          "", input: layers.isEmpty ? .picture : .output(of: layers.count - 1),
          resampling: resampling,
          convolution: .init(
            walk.maps[input].shape[1], map.shape[1], kernelSize: shape.last ?? 0,
            stride: convolution.stride, isTransposed: convolution.isTransposed,
            hasBias: hasBias),
          padding: padding ?? .init(.reflection, 0), norm: nil, activation: .identity))
      convolutions.append(convolution)
      norms.append(nil)
      results.append(number)
      (resampling, padding) = (.none, nil)
      return
    case .scaled(let input, let factor, let offset):
      if layers.isEmpty, resampling == .none, padding == nil {
        before.follow(by: factor, offset)
      } else if let last = layers.indices.last, results[last] == input,
        layers[last].activation == .tanh(scale: 1, offset: 0)
      {
        layers[last].activation = .tanh(scale: Float(factor), offset: Float(offset))
        results[last] = number
      } else {
        change(by: factor, offset)
      }
      return
    default: break
    }
    guard resampling == .none, padding == nil, let last = layers.indices.last else {
      note("\(map.operation.words) before the convolution")
      return
    }
    let isFinished = layers[last].activation != .identity || layers[last].adds != nil
    switch map.operation {
    case .normalized(_, let statistics, let gamma, let beta):
      if norms[last] != nil || isFinished { note("a norm after another, or an activation") }
      norms[last] = Norm(statistics: statistics, gamma: gamma, beta: beta)
      layers[last].norm = ""
    case .rectified:
      if isFinished { note("a second activation") }
      layers[last].activation = .relu
    case .bent:
      if isFinished { note("a second activation") }
      layers[last].activation = .tanh(scale: 1, offset: 0)
    case .added(let first, let second):
      let shortcut = min(first, second)
      if layers[last].adds != nil { note("a second addition") }
      guard let added = results.firstIndex(of: shortcut) else {
        note("an addition of what is no layer's output")
        return
      }
      layers[last].adds = added
    case .clipped(_, let range):
      if bounds != nil { note("a second clipping") }
      bounds = range
      return
    default: note(map.operation.words)
    }
    if bounds != nil || after.factor != 1 || after.offset != 0 {
      note("\(map.operation.words) after a change of range")
    }
    results[last] = number
  }

  private mutating func change(by factor: Double, _ offset: Double) {
    after.follow(by: factor, offset)
    if let range = bounds, factor > 0 {
      bounds = range.lowerBound * factor + offset...range.upperBound * factor + offset
    }
  }

  private mutating func note(_ obstacle: String) {
    obstacles.append("layer \(layers.count): \(obstacle)")
  }

  // MARK: Range

  /// Whether the file tells its range, by clipping, by changing it, or as one of ours.
  var saysItsRange: Bool {
    let changes = [before, after].contains { $0.factor != 1 || $0.offset != 0 }
    return isOurs || bounds != nil || changes || layers.last?.activation.isTanh == true
  }

  /// Black and white in the network; nil where input and output don't agree.
  var inputRange: ClosedRange<Double>? {
    // A file that clips to 1 takes 0...1, and so does one that begins by multiplying but for ours.
    let isUnit = bounds.map { $0.upperBound <= 1.5 } ?? (before.factor > 1 && !isOurs)
    let white = isUnit ? 1.0 : 255
    if let bounds, abs(bounds.lowerBound) > 1e-3 || abs(bounds.upperBound - white) > 1e-3 * white {
      return nil
    }
    let black = before.offset
    let light = before.factor * white + before.offset
    let (blackAgain, whiteAgain) = (
      after.factor * black + after.offset, after.factor * light + after.offset
    )
    guard black < light, abs(blackAgain) < 1e-3 * white,
      abs(whiteAgain - white) < 1e-3 * white
    else { return nil }
    return black.decimal...light.decimal
  }

  // MARK: Words

  /// The layers for people.
  var words: [String] {
    layers.enumerated().map { number, layer in
      let norm = norms[number].map { " \($0.words(channels: layer.convolution.outputChannels))" }
      return "layer \(number + 1): \(layer.words(norm: norm ?? ""))"
    }
  }
}

extension RecognizedNetwork.Norm {
  func words(channels: Int) -> String {
    switch statistics {
    case .stored: return "batch norm"
    case .measured(let extent, _):
      switch (extent.axes, extent.channels) {
      case ([2, 3], 1): return "instance norm"
      case ([2, 3], channels): return "layer norm"
      case ([2, 3], let size): return "group norm (\(channels / size) groups)"
      case ([0, 2, 3], 1): return "live batch norm"
      default: return "norm over axes \(extent.axes.sorted()), \(extent.channels) channels"
      }
    }
  }
}

extension LayerDescription.Activation {
  fileprivate var isTanh: Bool { if case .tanh = self { true } else { false } }
}

extension LayerDescription {
  /// The layer for people, without its name.
  func words(norm: String) -> String {
    var words = resampling == .nearest ? "×2, " : ""
    words += "\(padding.kind.rawValue) \(padding.top), "
    words += "\(convolution.kernelSize)×\(convolution.kernelSize) "
    words += convolution.isTransposed ? "transposed convolution " : "convolution "
    words += "\(convolution.inputChannels)→\(convolution.outputChannels)"
    if convolution.stride > 1 {
      words += convolution.isTransposed ? " ×\(convolution.stride)" : " /\(convolution.stride)"
    }
    words += norm.isEmpty ? "" : ",\(norm)"
    switch activation {
    case .identity: break
    case .relu: words += ", relu"
    case .tanh(let scale, let offset): words += ", \(scale) · tanh + \(offset)"
    }
    return words + (adds.map { ", + layer \($0 + 1)" } ?? "")
  }
}

extension GraphWalk.Operation {
  /// The map before it on the way from the picture: of two that are added the later one.
  var input: Int? {
    switch self {
    case .picture: nil
    case .enlarged(let map), .padded(let map, _), .convolved(let map, _),
      .normalized(let map, _, _, _), .rectified(let map), .bent(let map), .scaled(let map, _, _),
      .clipped(let map, _), .other(let map, _):
      map
    case .added(let first, let second): max(first, second)
    }
  }

  var words: String {
    switch self {
    case .picture: "the picture"
    case .enlarged: "an enlargement"
    case .padded: "a padding"
    case .convolved: "a convolution"
    case .normalized: "a norm"
    case .rectified: "Relu"
    case .bent: "Tanh"
    case .added: "an addition"
    case .scaled: "a change of range"
    case .clipped: "Clip"
    case .other(_, let name): name
    }
  }
}

extension Double {
  /// The number of few digits that a number in single precision was written for: 1e-05 for what
  /// 1e-5 is there.
  var decimal: Double {
    let single = Float(self)
    return Double("\(single)") ?? self
  }
}
