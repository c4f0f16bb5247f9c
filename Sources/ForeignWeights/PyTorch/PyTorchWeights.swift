import StyleModels
import SystemPackage
import WeightFiles

/// The published PyTorch network's weights (pytorch/examples, fast_neural_style), as `torch.save`
/// wrote them or in safetensors.
///
/// Names are `conv1.conv2d.weight`, `in1.weight`, … `deconv3.conv2d.bias`, or others whose order and
/// shapes leave no choice. Tensors can't tell how a network pads and enlarges: it is taken for the
/// published one where all that they do tell is as published.
public enum PyTorchWeights {
  /// Makes a style of the published weights in the file at `path`.
  ///
  /// - Throws: `ForeignWeightsError.pyTorch` or `.weightFile` where the file can't be read, else as
  ///   `styleModel(from:name:licence:training:norm:groups:epsilon:range:)`, which says what the parameters
  ///   are.
  /// - Complexity: O(*n*) in the network's numbers; what else a PyTorch file holds isn't read.
  public static func styleModel(
    contentsOf path: FilePath, name: String, licence: String = "unknown",
    training: String = "unknown", norm: Norm = .instance, groups: Int = 4,
    epsilon: Double = 1e-5, range: ClosedRange<Double> = 0...255
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    let source: TensorSource
    if PyTorchCheckpoint.recognizes(fileAt: path) {
      source = TensorSource(try PyTorchCheckpoint(contentsOf: path))
    } else {
      do throws(WeightFileError) {
        source = try TensorSource(WeightFile(contentsOf: path))
      } catch {
        throw .weightFile(error)
      }
    }
    return try styleModel(
      from: source, name: name, licence: licence, training: training, norm: norm,
      groups: groups, epsilon: epsilon, range: range)
  }

  /// Makes a style of published weights. Width and number of residual blocks are the file's.
  ///
  /// Names may all begin with `module.`, as `DataParallel` leaves them, or with other parts that
  /// they share. A norm's `weight` and `bias` become `gamma` and `beta`. Stored statistics
  /// (`running_mean`, `running_var`), which old files have though the network never used them, are
  /// left out and that is noted, unless the network was trained with batch norm and `norm` says so.
  /// Biases that no layer has are 0, as is what norms add where none adds anything; gammas are 1.
  /// The file's own metadata goes along in the card, its keys prefixed with `pytorch.`.
  ///
  /// - Parameters:
  ///   - file: The contents of a safetensors file.
  ///   - name: The style's name.
  ///   - licence: The terms under which the weights may be used.
  ///   - training: The account of how the weights came about.
  ///   - norm: The norm that the network was trained with; the file can't tell.
  ///   - groups: Groups of channels under `Norm.group`.
  ///   - epsilon: The number that was added to each variance; the file can't tell.
  ///   - range: Black and white in the network's input and output; the file can't tell.
  /// - Throws: `ForeignWeightsError.alreadyAStyle`; `.faults` with every missing, surplus and
  ///   mis-shaped tensor where the names are as published, else `.notThePublishedNetwork` with all
  ///   that is otherwise; `.invalidStyle` where name, licence or training is empty, `epsilon` isn't
  ///   sane or a stored variance is negative.
  /// - Complexity: O(*n* log *n*) in tensors; values are shared, not copied.
  public static func styleModel(
    from file: WeightFile, name: String, licence: String = "unknown",
    training: String = "unknown", norm: Norm = .instance, groups: Int = 4,
    epsilon: Double = 1e-5, range: ClosedRange<Double> = 0...255
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    try styleModel(
      from: TensorSource(file), name: name, licence: licence, training: training, norm: norm,
      groups: groups, epsilon: epsilon, range: range)
  }

  /// Writes a style as safetensors under the published network's names, which `load_state_dict` takes,
  /// complete or not at all. Name, licence, training and norm stand in the metadata.
  ///
  /// - Parameters:
  ///   - style: The style, of its own or on a base.
  ///   - path: The file to write.
  ///   - replacing: Whether a file that is there already is replaced.
  /// - Throws: As `weightFile(of:)`; `ForeignWeightsError.weightFile` where the file can't be written.
  public static func write(
    _ style: StyleModel, to path: FilePath, replacing: Bool
  ) throws(ForeignWeightsError) {
    let file = try weightFile(of: style)
    do throws(WeightFileError) { try file.write(to: path, replacing: replacing) } catch {
      throw .weightFile(error)
    }
  }

  /// What `write` writes.
  ///
  /// - Throws: `ForeignWeightsError.unpublishable` where the network is another, `.invalidStyle` where a
  ///   style on a base can't be made a network.
  public static func weightFile(
    of style: StyleModel
  ) throws(ForeignWeightsError) -> WeightFile {
    let network: StyleModel
    do throws(StyleModelError) { network = try style.asNetwork(named: style.name) } catch {
      throw .invalidStyle(error)
    }
    let description = network.description
    let published = NetworkDescription(
      width: description.architecture.width,
      residualBlocks: description.architecture.residualBlocks)
    guard description.architecture.name == published.architecture.name else {
      throw .unpublishable("is \(description.architecture.name.rawValue)")
    }
    guard description.architecture == published.architecture else {
      throw .unpublishable("is padded otherwise")
    }
    guard description.epsilon == published.epsilon else {
      throw .unpublishable("has epsilon \(description.epsilon), not \(published.epsilon)")
    }
    guard description.inputRange == published.inputRange else {
      throw .unpublishable("has the range \(description.inputRange), not \(published.inputRange)")
    }
    let own = [
      "format": "pt", "name": network.name, "licence": network.licence,
      "training": network.training, "norm": description.norm.rawValue,
    ]
    // What another norm has measured, its modules have no place for.
    let names = description.tensors(withStatistics: description.norm == .batch).map(\.name)
    let tensors = names.compactMap { name in
      network.weights[name].map { (PublishedNames.published(name), $0) }
    }
    return WeightFile(
      metadata: network.card.merging(own) { $1 }, tensors: Dictionary(tensors) { $1 })
  }

  private static func styleModel(
    from source: TensorSource, name: String, licence: String, training: String, norm: Norm,
    groups: Int, epsilon: Double, range: ClosedRange<Double>
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    if StyleModel.recognizes(source.metadata) { throw .alreadyAStyle }
    let names = try PyTorchNames(source.shapes, isOrdered: source.isOrdered, norm: norm)
    let tensors = try source.read(Array(names.sources.values))
    let description = NetworkDescription(
      .fastNeuralStyle(names.network), norm: norm, groups: groups, epsilon: epsilon,
      inputRange: range)
    var weights = names.sources.compactMapValues { tensors[$0] }
    // What the network lacks adds nothing, and multiplies with 1.
    for (name, shape) in description.tensors() where names.sources[name] == nil {
      let value: Float = PyTorchNames.lastPart(of: name) == "gamma" ? 1 : 0
      weights[name] = StoredTensor(
        shape: shape, values: [Float](repeating: value, count: shape.reduce(1, *)))
    }
    let card = source.metadata.map { ("pytorch.\($0.key)", $0.value) }
    do throws(StyleModelError) {
      let model = try StyleModel(
        name: name, description: description, licence: licence, training: training,
        card: Dictionary(uniqueKeysWithValues: card), weights: weights)
      return ConvertedStyle(model: model, notes: names.notes)
    } catch {
      throw .invalidStyle(error)
    }
  }
}

/// A file's tensors, whatever its format.
private struct TensorSource {
  let shapes: PyTorchNames.Shapes
  /// Whether the tensors' order is that in which the network's parts were made.
  let isOrdered: Bool
  var metadata: [String: String] = [:]
  /// Reads the tensors of these names, at least.
  let read: ([String]) throws(ForeignWeightsError) -> [String: StoredTensor]

  init(_ file: WeightFile) {
    shapes = file.tensors.map { ($0.key, $0.value.shape) }
    isOrdered = false
    metadata = file.metadata
    read = { _ in file.tensors }
  }

  init(_ checkpoint: PyTorchCheckpoint) {
    shapes = checkpoint.shapes
    isOrdered = true
    read = { names throws(ForeignWeightsError) in try checkpoint.tensors(named: names) }
  }
}
