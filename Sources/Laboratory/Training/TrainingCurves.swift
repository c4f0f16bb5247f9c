import ImageFiles
import Sheets
import StyleTraining

/// The loss of a training over its iterations, as a plot.
public struct TrainingCurves {
  private var iterations: [(number: Int, terms: LossTerms, total: Double)] = []

  /// Columns of the plot.
  private static let columns = 120
  private static let labelled = 6

  public init() {}

  public mutating func add(_ iteration: Training.Iteration) {
    iterations.append((iteration.number, iteration.terms, iteration.total))
  }

  /// The mean over the last iterations, as many as a column of the plot has of all.
  public var last: LossTerms? {
    groups.last.map { .mean($0.map(\.terms)) }
  }

  private var groups: [ArraySlice<(number: Int, terms: LossTerms, total: Double)>] {
    let size = max(1, (iterations.count + Self.columns - 1) / Self.columns)
    return stride(from: 0, to: iterations.count, by: size).map {
      iterations[$0..<min($0 + size, iterations.count)]
    }
  }

  /// Draws the total and its parts, each point the mean over some iterations.
  public func plot(weights: LossWeights) -> Image {
    let groups = groups
    let step = max(1, groups.count / Self.labelled)
    func line(_ label: String, _ color: Canvas.Color, width: Double, _ value: (LossTerms) -> Double)
      -> Plot.Line
    {
      Plot.Line(
        label: label, color: color, width: width,
        values: groups.map { value(.mean($0.map(\.terms))) })
    }
    return Plot(
      title: "The loss while it was trained",
      columns: groups.enumerated().map { index, group in
        index.isMultiple(of: step) ? "\(group.last?.number ?? 0)" : ""
      }, columnTitle: "iterations",
      valueTitle: "each term times its weight, relative to what it is held to",
      lines: [
        line("total", Plot.blue, width: 3, weights.total),
        line("style", Plot.orange, width: 2) { weights.style * $0.style },
        line("content", Plot.paleInk, width: 2) { weights.content * $0.content },
      ]
    ).render()
  }
}
