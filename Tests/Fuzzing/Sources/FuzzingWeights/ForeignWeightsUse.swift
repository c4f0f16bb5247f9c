import ForeignWeights
import Fuzzing
import StyleModels
import SystemPackage
import WeightFiles

/// Making a style of another program's weights, and putting it out for other programs again.
///
/// They are refused with a reason, or give a style that is the same when it is written and read again,
/// whatever the format.
public enum ForeignWeightsUse {
  private static let ranges: [ClosedRange<Double>] = [
    0...255, 0...1, -255...255, -0.3...0.7654321, 0...1e-300,
  ]

  /// Weights under PyTorch's names, whose norm and range are told.
  public static func useNamed(_ input: Input) {
    var choices = input.choices
    var told = PublishedWeights.Told()
    told.norm = Norm.allCases[choices.next(Norm.allCases.count)]
    if told.norm == .group { told.groups = 1 + choices.next(4) }
    told.inputRange = ranges[choices.next(ranges.count)]
    use(Scratch.file("published", holding: input.file), told)
  }

  public static func useONNX(_ input: Input) {
    // One of the fixtures has its values in a file of this name.
    _ = Scratch.file("width1_dynamo_20_external.onnx.data", holding: input.file)
    use(Scratch.file("published.onnx", holding: input.file))
  }

  /// A folder of variables: the manifest up to a NUL, then bytes that all files are filled with. A file
  /// is called by the number of its values.
  public static func useVariables(_ input: Input) {
    let manifest = input.file.prefix { $0 != 0 }
    let values = input.file[manifest.endIndex...].dropFirst()
    for (file, count) in variableFiles {
      _ = Scratch.file(file, holding: filled(count: 4 * count, with: values))
    }
    let path = Scratch.file("manifest.json", holding: Array(manifest))
    use(input.choices.value % 2 == 0 ? Scratch.folder : path)
  }

  /// The files of a network of width 1, and how many values they have.
  private static let variableFiles: [FilePath.Component: Int] = [
    "1": 1, "2": 2, "3": 3, "4": 4, "18": 18, "72": 72, "144": 144, "243": 243,
  ]

  private static func filled(count: Int, with bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard !bytes.isEmpty else { return [UInt8](repeating: 0, count: count) }
    return (0..<count).map { bytes[bytes.startIndex + $0 % bytes.count] }
  }

  private static func use(
    _ path: FilePath, _ told: PublishedWeights.Told = PublishedWeights.Told()
  ) {
    let converted: ConvertedStyle
    do throws(ForeignWeightsError) {
      converted = try PublishedWeights.styleModel(contentsOf: path, name: "converted", told)
    } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    let style = converted.model
    precondition(converted.notes.allSatisfy { !$0.description.isEmpty }, "a note says something")
    precondition(!converted.summary.description.isEmpty, "a summary says something")
    WeightFileUse.check(style.weightFile())
    WeightFileUse.check(style)
    // A few bytes may stand for all weights of a large network.
    guard style.description.architecture.width <= 2 else { return }
    checkPyTorchNames(style)
    checkONNX(style)
  }

  private static func checkPyTorchNames(_ style: StyleModel) {
    let file: WeightFile
    do throws(ForeignWeightsError) { file = try PyTorchWeights.weightFile(of: style) } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    WeightFileUse.check(file)
    do throws(ForeignWeightsError) {
      let again = try PyTorchWeights.styleModel(
        from: file, name: style.name, norm: style.description.norm,
        groups: style.description.groups)
      precondition(
        again.model.weights.allSatisfy { style.weights[$0.key] == $0.value },
        "weights are the same under PyTorch's names")
    } catch {
      preconditionFailure("what stands under PyTorch's names can be read: \(error)")
    }
  }

  private static func checkONNX(_ style: StyleModel) {
    let bytes: [UInt8]
    do throws(ForeignWeightsError) { bytes = try ONNXWeights.encoded(style) } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    do throws(ForeignWeightsError) {
      let again = try ONNXWeights.styleModel(from: bytes, name: style.name).model
      precondition(again.weights == style.weights, "weights are the same in ONNX")
      var (found, description) = (again.description, style.description)
      precondition(
        isClose(found.inputRange, description.inputRange), "black and white are the same in ONNX")
      found.inputRange = description.inputRange
      // One group is a layer.
      if description.norm == .group, description.groups == 1 {
        (description.norm, description.groups) = (.layer, found.groups)
      }
      precondition(found == description, "a network is the same in ONNX")
    } catch {
      preconditionFailure("what was written as ONNX can be read: \(error)")
    }
  }

  /// Whether ranges are the same in single precision.
  private static func isClose(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Bool {
    let largest = max(abs(b.lowerBound), abs(b.upperBound))
    return abs(a.lowerBound - b.lowerBound) <= 1e-6 * largest
      && abs(a.upperBound - b.upperBound) <= 1e-6 * largest
  }
}
