import Fuzzing
import StyleModels
import SystemPackage
import WeightFiles

/// Reading a weight file, and what of a style or a base is in it.
///
/// It is read or refused with a reason; what was read is the same when it is written and read again.
public enum WeightFileUse {
  /// The smallest base that there is, for styles that name whatever base.
  private static let base: BaseModel = {
    let network = NetworkDescription(width: 1, residualBlocks: 0)
    let weights = network.tensors(of: .base).map { name, shape in
      let count = shape.reduce(1, *)
      return (name, StoredTensor(shape: shape, values: [Float](repeating: 0.5, count: count)))
    }
    do throws(StyleModelError) {
      return try BaseModel(
        name: "small", description: network, licence: "none", training: "none",
        weights: Dictionary(uniqueKeysWithValues: weights))
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  public static func use(_ input: Input) {
    let path = Scratch.file("style.safetensors", holding: input.file)
    let file: WeightFile
    do throws(WeightFileError) { file = try WeightFile(contentsOf: path) } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      _ = try? WeightFile.metadata(of: path)
      return
    }
    check(file)
    useMetadata(file, path)
    useBase(file)
    useStyle(file)
    useLibrary(path)
  }

  /// A file that was read is the same after it was written.
  static func check(_ file: WeightFile) {
    for tensor in file.tensors.values {
      precondition(tensor.shape.reduce(1, *) == tensor.values.count, "values fill their shape")
      precondition(tensor.values.allSatisfy { $0.isFinite }, "values are finite")
    }
    do throws(WeightFileError) {
      let again = try WeightFile(decoding: file.encoded())
      precondition(again == file, "a file is the same when it is written and read again")
    } catch {
      preconditionFailure("what was read can be written, and read: \(error)")
    }
  }

  private static func useMetadata(_ file: WeightFile, _ path: FilePath) {
    do throws(WeightFileError) {
      let metadata = try WeightFile.metadata(of: path)
      precondition(metadata == file.metadata, "metadata are the same when they are read alone")
    } catch {
      preconditionFailure("metadata of a file that was read can be read: \(error)")
    }
    precondition(
      StyleModel.recognizes(fileAt: path) == StyleModel.recognizes(file.metadata),
      "a style is recognized, or isn't")
  }

  private static func useBase(_ file: WeightFile) {
    let base: BaseModel
    do throws(StyleModelError) { base = try BaseModel(weightFile: file) } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    do throws(StyleModelError) {
      let again = try BaseModel(weightFile: base.weightFile())
      precondition(again == base, "a base is the same when it is written and read again")
    } catch {
      preconditionFailure("a base that was read can be written, and read: \(error)")
    }
  }

  private static func useStyle(_ file: WeightFile) {
    let style: StyleModel
    do throws(StyleModelError) {
      style = try StyleModel(weightFile: file) { _ throws(StyleModelError) in base }
    } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    check(style)
  }

  /// What may be made of a style that was read.
  static func check(_ style: StyleModel) {
    do throws(StyleModelError) {
      let again = try StyleModel(weightFile: style.weightFile()) {
        _ throws(StyleModelError) in style.base ?? base
      }
      if style.base == nil || style.base == base {
        precondition(again == style, "a style is the same when it is written and read again")
      }
    } catch {
      preconditionFailure("a style that was read can be written, and read: \(error)")
    }
    precondition(style.header.parameterCount > 0, "a style has parameters")
    precondition(
      style.parameters.norms.count == style.description.layers.count { $0.norm != nil },
      "each norm has its parameters")
    precondition(
      style.hasBatchStatistics == style.parameters.hasStoredStatistics,
      "statistics are stored or not")
    // Sums of large numbers may leave the range of numbers, which is said.
    _ = try? style.asNetwork(named: "network")
    _ = try? StyleModel.mixture([(style, 0.25), (style, 3)], name: "mixture")
  }

  /// The way that a name on the command line takes.
  private static func useLibrary(_ path: FilePath) {
    _ = Scratch.file("base.safetensors", holding: smallBase)
    let library = StyleLibrary(directories: [Scratch.folder])
    _ = library.files
    if let style = try? library.style(contentsOf: path) { check(style) }
  }

  private static let smallBase: [UInt8] = {
    do throws(WeightFileError) { return try base.weightFile().encoded() } catch {
      preconditionFailure("\(error)")
    }
  }()
}
