import Foundation
import StyleModels
import SystemPackage
import WeightFiles

/// The published network (pytorch/examples, fast_neural_style), or lengstrom's fast-style-transfer, as
/// ONNX, of operators 7 to 21:
/// <https://github.com/onnx/onnx/blob/main/docs/IR.md>
public enum ONNXWeights {
  /// Makes a style of the ONNX file at `path`. Values that it keeps in other files are read from
  /// beside it.
  ///
  /// - Throws: `ForeignWeightsError.weightFile` where it can't be read, else as
  ///   `styleModel(from:beside:name:licence:training:range:)`, which says what the parameters are.
  public static func styleModel(
    contentsOf path: FilePath, name: String, licence: String? = nil, training: String? = nil,
    range: ClosedRange<Double>? = nil
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    let bytes: [UInt8]
    do throws(WeightFileError) { bytes = try WeightFile.bytes(of: path) } catch {
      throw .weightFile(error)
    }
    return try styleModel(
      from: bytes, beside: path.removingLastComponent(), name: name, licence: licence,
      training: training, range: range)
  }

  /// Makes a style of an ONNX file's bytes.
  ///
  /// The network is recognized by what its nodes compute, not by their names or those of its
  /// tensors: a norm as an operator or as arithmetic, an enlargement as Upsample, Resize or copies
  /// side by side. With transposed convolutions it is lengstrom's. Width, residual blocks, padding,
  /// norm, groups, epsilon and range are the file's.
  ///
  /// A network without norms is one whose batch norms were worked into its convolutions, as
  /// exporters do: its style has batch norms that change nothing. Sizes that the file fixes are
  /// dropped: the style paints pictures of any.
  ///
  /// The file's own metadata goes along in the card, its keys prefixed with `onnx.`; of a file that
  /// `write` made it becomes again what it was.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - directory: The directory for values that are in files of their own; nil refuses those.
  ///   - name: The style's name.
  ///   - licence: The terms under which the weights may be used; nil for the file's own, `unknown`
  ///     where it says none.
  ///   - training: The account of how the weights came about; nil likewise.
  ///   - range: Black and white in input and output where the graph tells them nowhere; nil for 0...255.
  /// - Throws: `ForeignWeightsError.onnx` where the bytes are no sound model, or with each layer
  ///   that was recognized and all that wasn't; `.saidByItself` where the graph tells its range and
  ///   `range` is given; `.invalidStyle` where name, licence or training is
  ///   empty or a stored variance is negative.
  /// - Complexity: O(*n*) in bytes. Beside them and the style a tensor at a time is in memory.
  public static func styleModel(
    from bytes: [UInt8], beside directory: FilePath? = nil, name: String, licence: String? = nil,
    training: String? = nil, range: ClosedRange<Double>? = nil
  ) throws(ForeignWeightsError) -> ConvertedStyle {
    let file: ONNXFile
    let network: MatchedNetwork
    do throws(ONNXError) {
      file = try ONNXFile(bytes, directory: directory)
      network = try MatchedNetwork(GraphWalk(of: file), range: range)
    } catch {
      throw .onnx(error)
    }
    if range != nil, network.saysItsRange { throw .saidByItself(["range"]) }
    var notes: [ConvertedStyle.Note] =
      network.unused.isEmpty ? [] : [.unusedTensors(network.unused)]
    if range == nil, !network.saysItsRange {
      notes.append(.assumed([.range(network.description.inputRange)]))
    }
    do throws(StyleModelError) {
      let metadata = file.metadata.filter { !$0.key.hasPrefix(ONNXExport.tensorKey) }
      let own =
        StyleModel.recognizes(metadata)
        ? try? StyleModel(weightFile: WeightFile(metadata: metadata, tensors: network.weights))
        : nil
      let card = metadata.map { ("onnx.\($0.key)", $0.value) }
      let model = try StyleModel(
        name: name, description: network.description, advice: own?.advice ?? PaintingAdvice(),
        licence: licence ?? own?.licence ?? "unknown",
        training: training ?? own?.training ?? "unknown",
        card: own?.card ?? Dictionary(card) { $1 }, weights: network.weights)
      return ConvertedStyle(model: model, notes: notes)
    } catch {
      throw .invalidStyle(error)
    }
  }
}
