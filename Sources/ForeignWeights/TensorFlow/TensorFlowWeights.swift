import StyleModels
import SystemFiles
import SystemPackage
import WeightFiles

/// The network of lengstrom's fast-style-transfer as it is published: a folder with `manifest.json` and a
/// file of raw values for each TensorFlow variable.
public enum TensorFlowWeights {
  /// Tells whether a folder of variables, or its manifest, is at `path`.
  public static func recognizes(_ path: FilePath) -> Bool {
    folder(path).map { FileIdentity(of: $0.appending(VariableFolder.manifest)) != nil } ?? false
  }

  private static func folder(_ path: FilePath) -> FilePath? {
    if FileIdentity(of: path)?.isDirectory == true { return path }
    guard path.lastComponent == VariableFolder.manifest else { return nil }
    let folder = path.removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  /// Makes a style of the variables in the folder at `path`.
  ///
  /// Each layer has three, in the order in which they were made: `Variable` is the first's kernel
  /// `[K, K, I, O]` (of a transposed convolution `[K, K, O, I]`), `Variable_1` what its norm adds,
  /// `Variable_2` what it multiplies with, `Variable_3` the second's kernel, and so on. Width and number
  /// of residual blocks are the folder's. The norm's epsilon is 1e-3, as the program's.
  ///
  /// - Parameters:
  ///   - path: The folder, or its `manifest.json`.
  ///   - name: The style's name.
  ///   - licence: The terms under which the weights may be used.
  ///   - training: The account of how the weights came about.
  /// - Throws: `ForeignWeightsError.tensorFlow` with every file that can't be read, or where another
  ///   network is there, `.faults` with every missing, surplus and mis-shaped variable,
  ///   `.invalidStyle` where name, licence or training is empty.
  /// - Complexity: O(*n*) in values; beside them one variable's bytes are in memory.
  public static func styleModel(
    contentsOf path: FilePath, name: String, licence: String = "unknown",
    training: String = "unknown"
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    let folder = try VariableFolder(folder(path) ?? path)
    let shapes = folder.shapes
    let network = try network(of: shapes)
    let description = NetworkDescription(.fastStyleTransfer(network), epsilon: 1e-3)
    let variables = description.layers.enumerated().flatMap { number, layer in
      layerVariables(layer, from: 3 * number)
    }
    let faults = TensorFault.faults(in: shapes, expected: variables.map { ($0.name, $0.shape) })
    guard faults.isEmpty else { throw .faults(faults) }

    var weights: [String: StoredTensor] = [:]
    var unreadable: [TensorFlowFault] = []
    for variable in variables {
      let values: [Float]
      do throws(ForeignWeightsError) { values = try folder.values(of: variable.name) } catch {
        guard case .tensorFlow(let faults) = error else { throw error }
        unreadable += faults
        continue
      }
      weights[variable.tensor] =
        variable.shape.count == 4
        ? kernel(values, shape: variable.shape, isTransposed: variable.isTransposed)
        : StoredTensor(shape: variable.shape, values: values)
    }
    guard unreadable.isEmpty else { throw .tensorFlow(unreadable) }
    do throws(StyleModelError) {
      let model = try StyleModel(
        name: name, description: description, licence: licence, training: training,
        weights: weights)
      return ConvertedStyle(model: model, notes: [])
    } catch {
      throw .invalidStyle(error)
    }
  }

  /// The network whose first kernel and number of variables these are.
  private static func network(
    of shapes: [String: [Int]]
  ) throws(ForeignWeightsError) -> FastStyleTransfer {
    guard let first = shapes["Variable"], first.count == 4, first.dropLast() == [9, 9, 3],
      Architecture.widths.contains(first[3])
    else { throw .tensorFlow([.otherNetwork(variables: shapes.keys.sorted())]) }
    // Three variables a layer, of which six are in no block, and two in each.
    let blocks = (shapes.count / 3 - 6) / 2
    let range = Architecture.residualBlockCounts
    return FastStyleTransfer(
      width: first[3], residualBlocks: min(max(blocks, range.lowerBound), range.upperBound))
  }

  private struct Variable {
    let name: String
    let shape: [Int]
    /// The style's tensor that it becomes.
    let tensor: String
    let isTransposed: Bool
  }

  private static func layerVariables(
    _ layer: LayerDescription, from number: Int
  ) -> [Variable] {
    let convolution = layer.convolution
    let size = convolution.kernelSize
    let channels =
      convolution.isTransposed
      ? [convolution.outputChannels, convolution.inputChannels]
      : [convolution.inputChannels, convolution.outputChannels]
    let norm = layer.norm ?? layer.name
    let parts = [
      ("\(layer.name).weight", [size, size] + channels),
      ("\(norm).beta", [convolution.outputChannels]),
      ("\(norm).gamma", [convolution.outputChannels]),
    ]
    return parts.enumerated().map { index, part in
      let number = number + index
      return Variable(
        name: number == 0 ? "Variable" : "Variable_\(number)", shape: part.1, tensor: part.0,
        isTransposed: convolution.isTransposed)
    }
  }

  /// Makes `[O, I, K, K]` of `[K, K, I, O]`, of a transposed convolution's `[K, K, O, I]`.
  private static func kernel(
    _ values: [Float], shape: [Int], isTransposed: Bool
  ) -> StoredTensor {
    let (size, first, second) = (shape[0], shape[2], shape[3])
    let (outputs, inputs) = isTransposed ? (first, second) : (second, first)
    var kernel: [Float] = []
    kernel.reserveCapacity(values.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        let (a, b) = isTransposed ? (output, input) : (input, output)
        for tap in 0..<size * size { kernel.append(values[(tap * first + a) * second + b]) }
      }
    }
    return StoredTensor(shape: [outputs, inputs, size, size], values: kernel)
  }
}
