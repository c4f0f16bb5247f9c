import Glibc
import Laboratory
import Sheets

/// The output of `pastiche stats` for people: which layers and channels move most between pictures.
struct StatisticsText {
  let summary: StatisticsSummary
  let pictures: Int
  /// `StyleNetwork.normNames`
  let names: String

  private static let barWidth = 16
  private static let channelCount = 10

  var lines: [String] {
    pictures > 1 ? comparison : description
  }

  /// The lines on one picture: nothing moves, but there are means and deviations.
  private var description: [String] {
    let layers = summary.layers.map { layer in
      let channels = summary.channels.filter { $0.layer == layer.name }
      let means = channels.map(\.means.lowerBound)
      let deviations = channels.map(\.deviations.lowerBound)
      return [
        layer.name, "\(layer.channels)", range(means.min() ?? 0, means.max() ?? 0),
        range(deviations.min() ?? 0, deviations.max() ?? 0),
      ]
    }
    return ["one picture; name several to see what moves between them", "(\(names))", ""]
      + table(
        ["layer", "channels", "means", "deviations"], layers,
        [.left(11), .left(10), .left(21), .left(0)])
  }

  private var comparison: [String] {
    let meanScale = summary.layers.map(\.meanMoves).max() ?? 0
    let deviationScale = summary.layers.map(\.deviationMoves).max() ?? 0
    let layers = summary.layers.map { layer in
      [
        layer.name, decimals(layer.meanMoves, 2), bar(layer.meanMoves, of: meanScale),
        factor(layer.deviationMoves), bar(layer.deviationMoves, of: deviationScale),
      ]
    }
    let channels = summary.channels.prefix(Self.channelCount).map { channel in
      [
        "\(channel.layer) channel \(channel.channel)",
        range(channel.means.lowerBound, channel.means.upperBound),
        range(channel.deviations.lowerBound, channel.deviations.upperBound),
      ]
    }
    return [
      "how far the channels' means and deviations move between \(pictures) pictures",
      "(\(names))", "",
      "layer       means, in deviations      deviations, as a factor",
    ]
      + table(
        [], layers, [.left(11), .left(0), .left(Self.barWidth + 4), .left(0), .left(0)])
      + [""]
      + table(
        ["channels that move most", "means", "deviations"], channels,
        [.left(28), .left(21), .left(0)])
  }

  private func table(_ headings: [String], _ rows: [[String]], _ columns: [Table.Column])
    -> [String]
  {
    Table(headings: headings, rows: rows, columns: columns, gap: " ").lines
  }

  /// Writes a deviation of logarithms as `×/÷ 1.32`.
  private func factor(_ logarithm: Double) -> String {
    "×÷" + decimals(exp(logarithm), 2)
  }

  /// Draws a bar in eighths of a character.
  private func bar(_ value: Double, of largest: Double) -> String {
    guard largest > 0, value.isFinite, largest.isFinite else { return "" }
    let eighths = Int((value / largest * Double(8 * Self.barWidth)).rounded())
    let rest = eighths % 8
    return String(repeating: "█", count: eighths / 8)
      + (rest > 0 ? String(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][rest - 1]) : "")
  }

  private func range(_ low: Double, _ high: Double) -> String {
    "\(short(low)) … \(short(high))"
  }

  /// Writes a number in three digits.
  private func short(_ value: Double) -> String {
    decimals(value, value.magnitude < 10 ? 2 : value.magnitude < 100 ? 1 : 0)
  }
}
