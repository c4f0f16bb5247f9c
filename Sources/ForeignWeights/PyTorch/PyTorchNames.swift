import StyleModels

/// What the names and shapes of a file's tensors say of the network.
struct PyTorchNames {
  typealias Shapes = [(name: String, shape: [Int])]

  let network: FastNeuralStyle
  /// The file's name for each tensor of ours.
  let sources: [String: String]
  let notes: [ConvertedStyle.Note]

  /// Recognizes the published network in a file's tensors.
  ///
  /// Where half of the names and more are as published, so must the rest be, and every one that isn't
  /// is told. Else names count for what they end in alone: the convolutions must have the network's
  /// shapes in the network's order, and so must the norms.
  ///
  /// - Parameters:
  ///   - tensors: The tensors, in the order in which the network's parts were made where `isOrdered`.
  ///   - norm: The norm that the network was trained with.
  /// - Throws: `ForeignWeightsError.faults` or `.notThePublishedNetwork`.
  /// - Complexity: O(*n* log *n*) in tensors.
  init(_ tensors: Shapes, isOrdered: Bool, norm: Norm) throws(ForeignWeightsError) {
    let prefix = Self.prefix(of: tensors.map(\.name))
    var bare = tensors.map { (name: String($0.name.dropFirst(prefix.count)), shape: $0.shape) }
    let parts = ["num_batches_tracked"] + (norm == .batch ? [] : ["running_mean", "running_var"])
    let dropped = bare.map(\.name).filter { parts.contains(Self.lastPart(of: $0)) }
    bare.removeAll { parts.contains(Self.lastPart(of: $0.name)) }

    let sources: [String: String]
    if let published = PublishedNames(bare) {
      network = published.network
      sources = try published.sources(withStatistics: norm == .batch)
    } else {
      if !isOrdered { bare.sort { NaturalOrder.isBefore($0.name, $1.name) } }
      let structure = NetworkStructure(bare, isOrdered: isOrdered)
      (network, sources) = try structure.network(withStatistics: norm == .batch)
    }
    self.sources = sources.mapValues { prefix + $0 }
    let all = NetworkDescription(.fastNeuralStyle(network)).tensors().map(\.name)
    let absent = all.filter { sources[$0] == nil }
    notes =
      (prefix.isEmpty ? [] : [.removedPrefix(prefix)])
      + (absent.isEmpty ? [] : [.absentTensors(absent)])
      + (dropped.isEmpty ? [] : [.droppedStatistics(dropped.sorted())])
  }

  /// The parts, such as `module.` or `model.`, that all names begin with.
  private static func prefix(of names: [String]) -> String {
    guard let first = names.first else { return "" }
    let parts = first.split(separator: ".", omittingEmptySubsequences: false)
    // A layer and its tensor's own name stay.
    var length = parts.dropLast(2).reduce(0) { $0 + $1.count + 1 }
    for name in names { length = zip(first.prefix(length), name).prefix { $0 == $1 }.count }
    let shared = first.prefix(length)
    return shared.lastIndex(of: ".").map { String(shared[...$0]) } ?? ""
  }

  static func lastPart(of name: String) -> String {
    name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
