import StyleModels

/// A network whose tensors are named as published: `conv1.conv2d.weight`, `in1.weight`,
/// `res1.conv1.conv2d.weight`, …, `deconv3.conv2d.bias`.
///
/// As well known are `conv` or nothing for `conv2d`, `up1` for `deconv1`, and a norm's `scale` and
/// `shift` (PyTorch 0.1) or `gamma` and `beta` for its `weight` and `bias`.
struct PublishedNames {
  let network: FastNeuralStyle
  private let shapes: [String: [Int]]

  /// Takes the width and the number of residual blocks from tensors of which half and more have the
  /// network's names, or gives nil.
  init?(_ tensors: PyTorchNames.Shapes) {
    let shapes = Dictionary(tensors) { first, _ in first }
    func holds(_ name: String) -> Bool { Self.names(of: name).contains { shapes[$0] != nil } }
    // What most of the first layer's tensors say, so that a fault in one doesn't put all others in
    // the wrong.
    let widths = ["conv1.weight", "conv1.bias", "in1.gamma", "in1.beta"].compactMap { name in
      Self.names(of: name).lazy.compactMap { shapes[$0]?.first }.first
    }.filter(Architecture.widths.contains)
    guard let width = widths.max(by: { a, b in widths.count(of: a) < widths.count(of: b) })
    else { return nil }
    // The last block of which half is there: a stray tensor makes none.
    let parts =
      ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"]
      + ["in1.gamma", "in1.beta", "in2.gamma", "in2.beta"]
    let blocks = Architecture.residualBlockCounts.last { block in
      2 * parts.count { holds("res\(block).\($0)") } >= parts.count
    }
    network = FastNeuralStyle(width: width, residualBlocks: blocks ?? 0)
    self.shapes = shapes
    let names = NetworkDescription(.fastNeuralStyle(network)).tensors().map(\.name)
    guard 2 * names.count(where: holds) >= tensors.count else { return nil }
  }

  /// The file's name for each tensor of ours, but for those of a kind that no layer has, or none that
  /// a norm follows: biases, and what norms multiply with or add.
  ///
  /// - Throws: `ForeignWeightsError.faults` with all that are missing, mis-shaped or surplus.
  func sources(
    withStatistics statistics: Bool
  ) throws(ForeignWeightsError) -> [String: String] {
    let description = NetworkDescription(.fastNeuralStyle(network))
    var surplus = shapes
    var found: [(missing: String?, fault: TensorFault)] = []
    var sources: [String: String] = [:]
    for (ours, shape) in description.tensors(withStatistics: statistics) {
      let names = Self.names(of: ours)
      if let name = names.first(where: { surplus[$0] != nil }),
        let size = surplus.removeValue(forKey: name)
      {
        sources[ours] = name
        if size != shape {
          found.append((nil, .misshaped(name, expected: shape, found: size)))
        }
      } else {
        found.append((ours, .missing(names[0], expected: shape)))
      }
    }
    let absent = Set(found.compactMap(\.missing))
    let normed = Set(description.layers.filter { $0.norm != nil }.map { "\($0.name).bias" })
    let optional = ["bias", "gamma", "beta"].filter { part in
      description.tensors().allSatisfy { name, _ in
        PyTorchNames.lastPart(of: name) != part || absent.contains(name)
          || part == "bias" && !normed.contains(name)
      }
    }
    var faults = found.filter { missing, _ in
      !optional.contains { $0 == missing.map(PyTorchNames.lastPart) }
    }.map(\.fault)
    faults += surplus.sorted { $0.key < $1.key }.map { .surplus($0.key, found: $0.value) }
    guard faults.isEmpty else { throw .faults(faults) }
    return sources
  }

  /// The published name for a tensor of ours: `conv1.conv2d.weight` for `conv1.weight`, `in1.weight` for
  /// `in1.gamma`.
  static func published(_ ours: String) -> String { names(of: ours)[0] }

  /// The names that a tensor of ours has elsewhere, the published one first.
  private static func names(of ours: String) -> [String] {
    let part = PyTorchNames.lastPart(of: ours)
    let layer = ours.dropLast(part.count + 1)
    let others: [String: [String]] = [
      "gamma": ["weight", "scale", "gamma"], "beta": ["bias", "shift", "beta"],
      "mean": ["running_mean"], "variance": ["running_var"],
    ]
    if let parts = others[part] { return parts.map { "\(layer).\($0)" } }
    let layers =
      layer.hasPrefix("deconv") ? [layer, "up" + layer.dropFirst("deconv".count)] : [layer]
    return layers.flatMap { layer in
      ["conv2d.", "conv.", ""].map { "\(layer).\($0)\(part)" }
    }
  }
}

extension [Int] {
  fileprivate func count(of value: Int) -> Int { count { $0 == value } }
}
