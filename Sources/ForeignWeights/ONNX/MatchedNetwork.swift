import Foundation
import StyleModels
import SystemFiles
import WeightFiles

/// A walked graph as one of our networks.
struct MatchedNetwork {
  let description: NetworkDescription
  /// By our names.
  let weights: [String: StoredTensor]
  /// Tensors of the file that nothing reads.
  let unused: [String]
  /// Whether the graph tells black and white.
  let saysItsRange: Bool

  /// - Parameter range: Black and white where the graph doesn't tell.
  /// - Throws: `ONNXError.otherNetwork` with what was recognized and what wasn't.
  init(_ walk: GraphWalk, range told: ClosedRange<Double>?) throws(ONNXError) {
    let found = RecognizedNetwork(walk)
    saysItsRange = found.saysItsRange
    var obstacles = walk.obstacles + found.obstacles
    // What is missing of a network that isn't understood to its end says nothing.
    let isWhole = walk.output != nil
    let plan = isWhole ? Self.plan(of: found, &obstacles) : nil
    let norm = isWhole ? Self.norm(of: found, &obstacles) : nil
    let range = saysItsRange ? found.inputRange : told ?? found.inputRange
    if isWhole, range == nil {
      obstacles.append("black and white are others in the input and the output")
    }
    guard obstacles.isEmpty, let plan, let norm, let range else {
      throw .otherNetwork(recognized: found.words, obstacles: obstacles)
    }
    description = NetworkDescription(
      plan, norm: norm.kind, groups: norm.groups, epsilon: norm.epsilon,
      inputRange: range)

    var weights: [String: StoredTensor] = [:]
    for (number, layer) in plan.layers.enumerated() {
      let channels = layer.convolution.outputChannels
      func set(_ name: String, _ values: [Float], _ shape: [Int]) {
        guard values.count == shape.reduce(1, *) else {
          obstacles.append("\(name): \(values.count) values for the shape \(shape)")
          return
        }
        guard values.allSatisfy(\.isFinite) else {
          obstacles.append("\(name): holds numbers that aren't finite")
          return
        }
        weights[name] = StoredTensor(shape: shape, values: values)
      }
      let convolution = found.convolutions[number]
      do throws(ONNXObstacle) {
        let values = try walk.floats(of: convolution.weight)
        set(
          "\(layer.name).weight",
          convolution.isTransposed && values.count == layer.convolution.weightCount
            ? layer.convolution.swapped.swapped(values) : values,
          layer.convolution.weightShape)
        let bias =
          switch convolution.bias {
          case .none: [Float](repeating: 0, count: channels)
          case .vector(let values): values
          case .constant(let constant): try walk.floats(of: constant)
          }
        if layer.convolution.hasBias {
          set("\(layer.name).bias", bias, [channels])
        } else if bias.contains(where: { $0 != 0 }) {
          obstacles.append("\(layer.name): a bias, which the network has nowhere")
        }
      } catch {
        obstacles.append("\(layer.name): \(error.reason)")
      }
      guard let name = layer.norm else { continue }
      let neutral = [Float](repeating: 0, count: channels)
      let norms = found.norms[number]
      set("\(name).gamma", norms?.gamma ?? neutral.map { _ in 1 }, [channels])
      set("\(name).beta", norms?.beta ?? neutral, [channels])
      switch norms?.statistics {
      case .measured: break
      case .stored(let mean, let variance, _):
        set("\(name).mean", mean, [channels])
        set("\(name).variance", variance, [channels])
      case nil:
        set("\(name).mean", neutral, [channels])
        set("\(name).variance", neutral.map { _ in Float(1 - norm.epsilon) }, [channels])
      }
    }
    guard obstacles.isEmpty else {
      throw .otherNetwork(recognized: found.words, obstacles: obstacles)
    }
    weights.merge(ONNXExport.keptTensors(in: walk.file.metadata, for: description)) { own, _ in own
    }
    self.weights = weights
    unused = walk.file.tensors.map(\.name).filter { !walk.usedNames.contains($0) }
      .map(\.printable).sorted()
  }

  /// The network of these layers; nil where they are others, which the obstacles tell then.
  private static func plan(
    of found: RecognizedNetwork, _ obstacles: inout [String]
  ) -> Architecture? {
    let layers = found.layers
    let blocks = layers.count { $0.adds != nil }
    guard let first = layers.first,
      Architecture.widths.contains(first.convolution.outputChannels),
      Architecture.residualBlockCounts.contains(blocks)
    else {
      obstacles.append("no first layer of a width in \(Architecture.widths)")
      return nil
    }
    let width = first.convolution.outputChannels
    let isTransposed = layers.contains { $0.convolution.isTransposed }
    let plan: Architecture =
      isTransposed
      ? .fastStyleTransfer(FastStyleTransfer(width: width, residualBlocks: blocks))
      : .fastNeuralStyle(
        FastNeuralStyle(width: width, residualBlocks: blocks, padding: first.padding.kind))
    let name = isTransposed ? "fast-style-transfer" : "the published network"
    let expected = plan.layers
    let areFolded = found.norms.allSatisfy { $0 == nil }
    for (number, (layer, wanted)) in zip(layers, expected).enumerated() {
      var same = wanted
      (same.name, same.norm) = ("", areFolded ? nil : wanted.norm.map { _ in "" })
      same.convolution.hasBias = layer.convolution.hasBias
      guard layer != same else { continue }
      obstacles.append(
        "layer \(number + 1): \(layer.words(norm: layer.norm.map { _ in " norm" } ?? "")); "
          + "\(wanted.name) of \(name) is "
          + same.words(norm: same.norm.map { _ in " norm" } ?? ""))
    }
    if layers.count != expected.count {
      obstacles.append(
        "\(layers.count) layers; with \(blocks) residual blocks \(name) has \(expected.count)")
    }
    return plan
  }

  /// The norm that all layers have.
  private static func norm(
    of found: RecognizedNetwork, _ obstacles: inout [String]
  ) -> (kind: Norm, groups: Int, epsilon: Double)? {
    let standard = NetworkDescription(width: 1)
    var extents: [(extent: Expression.Extent, channels: Int)] = []
    var epsilons: Set<Double> = []
    var areStored = true
    for (layer, norm) in zip(found.layers, found.norms) {
      switch norm?.statistics {
      case .measured(let extent, let epsilon):
        extents.append((extent, layer.convolution.outputChannels))
        epsilons.insert(epsilon.decimal)
        areStored = false
      case .stored(_, _, let epsilon): epsilons.insert(epsilon.decimal)
      case nil: break
      }
    }
    guard epsilons.count <= 1, areStored || extents.count == found.norms.count(where: { $0 != nil })
    else {
      obstacles.append(
        "norms of several kinds, or of several epsilons (\(epsilons.sorted()))")
      return nil
    }
    let epsilon = epsilons.first ?? standard.epsilon
    func result(_ kind: Norm, groups: Int? = nil) -> (Norm, Int, Double) {
      (kind, groups ?? standard.groups, epsilon)
    }
    if areStored { return result(.batch) }
    let groups = Set(extents.map { $0.channels / $0.extent.channels })
    let axes = Set(extents.map(\.extent.axes))
    if extents.allSatisfy({ $0.extent.channels == 1 }) {
      if axes == [[2, 3]] { return result(.instance) }
      if axes == [[0, 2, 3]] { return result(.batchLive) }
    }
    if axes == [[2, 3]] {
      if groups == [1] { return result(.layer) }
      if groups.count == 1, let groups = groups.first { return result(.group, groups: groups) }
    }
    obstacles.append("norms of several kinds")
    return nil
  }
}
