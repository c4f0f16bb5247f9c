import StyleModels
import Tensors
import WeightFiles

/// All that a training is at, at some iteration: what it goes on from.
struct TrainingState: Sendable {
  var network: TrainedNetwork
  var adam = Adam()
  /// Iterations done.
  var iteration = 0
  /// Seconds spent on them.
  var seconds = 0.0
  /// The mean of the last terms, newer ones counting more; nil before the first.
  var average: LossTerms?
  /// Times that it went back to the last good numbers: each halves the rate.
  var setbacks = 0
  /// Iterations whose gradients weren't finite, and were dropped.
  var dropped = 0

  /// The share of an iteration's terms in the average.
  private static let share = 0.02
  /// Beyond these a number of setbacks is of no training.
  private static let setbackCounts = 0...30

  mutating func average(with terms: LossTerms) {
    if average == nil { average = terms }
    average?.mix(terms, share: Self.share)
  }

  /// Changes the numbers by their gradients.
  mutating func step(rate: Double, gradientNorm: Double, pool: WorkerPool) {
    adam.step(&network.tensors, rate: rate, gradientNorm: gradientNorm, pool: pool)
  }

  /// The contents of a checkpoint's file.
  ///
  /// - Parameters:
  ///   - lastGood: The state that it would go back to.
  ///   - settings: What the training hangs on, by name.
  func checkpoint(lastGood: TrainingState, _ settings: [String: String]) -> WeightFile {
    var metadata = settings.reduce(into: [String: String]()) { metadata, setting in
      metadata["setting \(setting.key)"] = setting.value
    }
    metadata["kind"] = FileKind.checkpoint.rawValue
    var file = WeightFile(metadata: metadata, tensors: [:])
    store(in: &file, as: "")
    lastGood.store(in: &file, as: Self.good)
    return file
  }

  /// What the last good state's entries begin with.
  private static let good = "good "

  private func store(in file: inout WeightFile, as prefix: String) {
    for tensor in network.tensors {
      for (part, values) in [
        ("values", tensor.values), ("mean", tensor.mean), ("square", tensor.square),
      ] {
        file.tensors["\(prefix)\(part)/\(tensor.name)"] = StoredTensor(
          shape: tensor.shape, values: values)
      }
    }
    for (style, norms) in zip(network.styles, network.running) {
      for (norm, stored) in norms.enumerated() {
        for (part, values) in [("mean", stored.mean), ("variance", stored.variance)] {
          file.tensors["\(prefix)running/\(style)/\(norm).\(part)"] = StoredTensor(
            shape: [values.count], values: values)
        }
      }
    }
    let numbers: [String: String?] = [
      "iteration": "\(iteration)", "steps": "\(adam.steps)", "seconds": "\(seconds)",
      "setbacks": "\(setbacks)", "dropped": "\(dropped)",
      "average": average?.values.map { "\($0)" }.joined(separator: " "),
    ]
    for case (let key, let value?) in numbers { file.metadata[prefix + key] = value }
  }

  /// Takes over what a checkpoint has.
  ///
  /// - Returns: The state that it would go back to.
  mutating func restore(_ file: WeightFile, _ settings: [String: String]) throws(CheckpointFault)
    -> TrainingState
  {
    guard file.metadata["kind"] == FileKind.checkpoint.rawValue else { throw .notACheckpoint }
    let other = settings.filter { file.metadata["setting \($0.key)"] != $0.value }.keys.sorted()
    guard other.isEmpty else { throw .otherSettings(other) }
    var lastGood = self
    try lastGood.take(from: file, as: Self.good)
    try take(from: file, as: "")
    return lastGood
  }

  private mutating func take(from file: WeightFile, as prefix: String) throws(CheckpointFault) {
    func values(_ name: String, _ count: Int) throws(CheckpointFault) -> [Float] {
      guard let tensor = file.tensors[prefix + name], tensor.values.count == count else {
        throw .tensor(prefix + name)
      }
      return tensor.values
    }
    for index in network.tensors.indices {
      let (name, count) = (network.tensors[index].name, network.tensors[index].values.count)
      network.tensors[index].values = try values("values/\(name)", count)
      network.tensors[index].mean = try values("mean/\(name)", count)
      network.tensors[index].square = try values("square/\(name)", count)
    }
    for (style, name) in network.styles.enumerated() {
      for norm in network.running[style].indices {
        let count = network.running[style][norm].mean.count
        network.running[style][norm] = .init(
          mean: try values("running/\(name)/\(norm).mean", count),
          variance: try values("running/\(name)/\(norm).variance", count))
      }
    }
    func number<Value: LosslessStringConvertible & Numeric & Comparable>(
      _ key: String, _ isValid: (Value) -> Bool = { _ in true }
    ) throws(CheckpointFault) -> Value {
      guard let value = file.metadata[prefix + key].flatMap(Value.init), value >= 0, isValid(value)
      else {
        throw .tensor(prefix + key)
      }
      return value
    }
    iteration = try number("iteration")
    adam.steps = try number("steps")
    seconds = try number("seconds") { $0.isFinite }
    setbacks = try number("setbacks") { Self.setbackCounts.contains($0) }
    dropped = try number("dropped")
    average = nil
    guard let terms = file.metadata[prefix + "average"] else { return }
    average = LossTerms(terms.split(separator: " ").compactMap { Double($0) })
    if average?.isFinite != true { throw .tensor(prefix + "average") }
  }
}
