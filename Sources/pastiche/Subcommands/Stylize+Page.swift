import BatchStylizer
import Laboratory
import Layers
import Pages
import StyleEngine
import StyleModels
import SystemPackage

extension Stylize {
  /// Begins the page, in a directory that is there or that outputs go to.
  ///
  /// - Throws: `Refusal` where it can't be written there.
  func runPage(
    _ path: FilePath, of plan: BatchPlan, _ styles: [BatchRun.Style], _ choices: [NormChoice]
  ) throws -> RunPage {
    let directory = path.removingLastComponent()
    let outputDirectory: FilePath =
      switch try target() {
      case .directory(let directory): directory
      case .file(let path): path.removingLastComponent()
      }
    if !outputDirectory.isEmpty, directory.starts(with: outputDirectory) {
      do throws(ItemError) { try makeDirectory(directory) } catch { throw Refusal(error) }
    }
    let (network, choice) = (styles[0].network, choices[0])
    let style =
      choices.count > 1 ? counted(choices.count, "style") : printable(choice.model.name)
    let isPainted = strength > 0
    let file = try PageOptions.begin(
      path, replacing: output.overwrite,
      title: !isPainted
        ? "Photographs as they are"
        : choices.count > 1 ? "In \(style)" : "In the style of \(style)",
      facts: isPainted ? facts(style, choice) : [])
    return RunPage(
      file, of: plan,
      statistics: choices.count > 1
        ? nil
        : StatisticsCollection(
          norm: choice.norm.rawValue, stored: styles[0].parameters.storedStatistics,
          epsilon: network.epsilon), reason: \.message, remark: \.message)
  }

  private func facts(_ style: String, _ choice: NormChoice) -> [(
    name: String, text: String
  )] {
    let company = choice.normalization == .batchLive ? " of \(counted(batchSize, "picture"))" : ""
    return [("Style", style), ("Norm", choice.norm.rawValue + company)]
      + (choice.note.map { [("Weights", $0)] } ?? [])
  }
}
