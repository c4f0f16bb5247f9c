import ForeignWeights
import Fuzzing
import StyleModels
import SystemPackage
import WeightFiles

/// Making a style of another program's weights.
///
/// They are refused with a reason, or give a style that is the same when it is written and read again.
public enum ForeignWeightsUse {
  public static func use(_ input: Input) {
    var choices = input.choices
    let norm = Norm.allCases[choices.next(Norm.allCases.count)]
    let path = Scratch.file("published.safetensors", holding: input.file)
    let converted: ConvertedStyle
    do throws(ForeignWeightsError) {
      converted = try PyTorchWeights.styleModel(contentsOf: path, name: "converted", norm: norm)
    } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    precondition(converted.notes.allSatisfy { !$0.description.isEmpty }, "a note says something")
    WeightFileUse.check(converted.model.weightFile())
    WeightFileUse.check(converted.model)
  }
}
