import StyleModels
import SystemPackage
import WeightFiles

/// The published PyTorch network's weights (pytorch/examples, fast_neural_style), under its names
/// and in safetensors: `conv1.conv2d.weight`, `in1.weight`, … `deconv3.conv2d.bias`.
public enum PyTorchWeights {
  /// Makes a style of the published weights in the safetensors file at `path`.
  ///
  /// - Throws: `ForeignWeightsError.weightFile` where it can't be read, else as
  ///   `styleModel(from:name:licence:training:norm:)`, which says what the parameters are.
  public static func styleModel(
    contentsOf path: FilePath, name: String, licence: String = "unknown",
    training: String = "unknown", norm: Norm = .instance
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    let file: WeightFile
    do throws(WeightFileError) { file = try WeightFile(contentsOf: path) } catch {
      throw .weightFile(error)
    }
    return try styleModel(
      from: file, name: name, licence: licence, training: training, norm: norm)
  }

  /// Makes a style of published weights. The width is the file's.
  ///
  /// Names may all begin with `module.`, as `DataParallel` leaves them. A norm's `weight` and
  /// `bias` become `gamma` and `beta`. Stored statistics (`running_mean`, `running_var`), which
  /// old files have though the network never used them, are left out and that is noted, unless
  /// the network was trained with batch norm and `norm` says so. The file's own metadata goes
  /// along in the card, its keys prefixed with `pytorch.`.
  ///
  /// - Parameters:
  ///   - file: The contents of a safetensors file.
  ///   - name: The style's name.
  ///   - licence: The terms under which the weights may be used.
  ///   - training: The account of how the weights came about.
  ///   - norm: The norm that the network was trained with; the file can't tell.
  /// - Throws: `ForeignWeightsError.alreadyAStyle`, `.notThePublishedNetwork`, or `.faults` with
  ///   every missing, surplus and mis-shaped tensor; `.invalidStyle` where name, licence or
  ///   training is empty or a stored variance is negative.
  /// - Complexity: O(*n*) in tensors; values are shared, not copied.
  public static func styleModel(
    from file: WeightFile, name: String, licence: String = "unknown",
    training: String = "unknown", norm: Norm = .instance
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    if StyleModel.recognizes(file.metadata) { throw .alreadyAStyle }
    var notes: [ConvertedStyle.Note] = []
    var tensors = unwrapped(file.tensors, notes: &notes)
    guard let width = width(of: tensors) else {
      throw .notThePublishedNetwork(found: file.tensors.keys.sorted())
    }
    let description = NetworkDescription(width: width, norm: norm)
    let dropped = droppable(in: tensors, of: description)
    if !dropped.isEmpty { notes.append(.droppedStatistics(dropped)) }
    for name in dropped { tensors[name] = nil }

    let expected = description.tensors(withStatistics: norm == .batch)
    let published = expected.map { (name: publishedName(of: $0.name), shape: $0.shape) }
    let faults = TensorFault.faults(in: tensors.mapValues(\.shape), expected: published)
    guard faults.isEmpty else { throw .faults(faults) }

    var weights: [String: StoredTensor] = [:]
    for (name, _) in expected { weights[name] = tensors[publishedName(of: name)] }
    let card = file.metadata.map { ("pytorch.\($0.key)", $0.value) }
    do throws(StyleModelError) {
      let model = try StyleModel(
        name: name, description: description, licence: licence, training: training,
        card: Dictionary(uniqueKeysWithValues: card), weights: weights)
      return ConvertedStyle(model: model, notes: notes)
    } catch {
      throw .invalidStyle(error)
    }
  }

  /// `tensors` without the `module.` that all their names begin with, if they do.
  private static func unwrapped(
    _ tensors: [String: StoredTensor], notes: inout [ConvertedStyle.Note]
  ) -> [String: StoredTensor] {
    let prefix = "module."
    guard !tensors.isEmpty, tensors.keys.allSatisfy({ $0.hasPrefix(prefix) }) else {
      return tensors
    }
    notes.append(.removedPrefix(prefix))
    let pairs = tensors.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// Finds the width that most of the first layer's tensors have, so that a fault in one of them
  /// doesn't put all others in the wrong; `nil` where none is there or none is sane.
  private static func width(of tensors: [String: StoredTensor]) -> Int? {
    let names = ["conv1.conv2d.weight", "conv1.conv2d.bias", "in1.weight", "in1.bias"]
    let widths = names.compactMap { tensors[$0]?.shape.first }
      .filter(Architecture.widths.contains)
    return widths.max { a, b in count(of: a, in: widths) < count(of: b, in: widths) }
  }

  /// The names of stored statistics that the style has no use for, sorted.
  private static func droppable(
    in tensors: [String: StoredTensor], of description: NetworkDescription
  ) -> [String] {
    var parts = ["num_batches_tracked"]
    if description.norm != .batch { parts += ["running_mean", "running_var"] }
    let names = description.layers.compactMap(\.norm).flatMap { norm in
      parts.map { "\(norm).\($0)" }
    }
    return names.filter { tensors[$0] != nil }.sorted()
  }
}

private func count(of value: Int, in values: [Int]) -> Int {
  values.count { $0 == value }
}

/// PyTorch's name for a tensor of ours: `conv1.weight` → `conv1.conv2d.weight`,
/// `in1.gamma` → `in1.weight`.
private func publishedName(of name: String) -> String {
  let published = [
    "weight": "conv2d.weight", "bias": "conv2d.bias", "gamma": "weight", "beta": "bias",
    "mean": "running_mean", "variance": "running_var",
  ]
  let parts = name.split(separator: ".").map(String.init)
  return (parts.dropLast() + parts.suffix(1).map { published[$0] ?? $0 }).joined(separator: ".")
}
