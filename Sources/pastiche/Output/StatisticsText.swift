import Glibc
import Laboratory

/// What `pastiche stats` prints for people: which layers and channels move most between pictures.
struct StatisticsText {
  let summary: StatisticsSummary
  let pictures: Int

  private static let barWidth = 16
  private static let channelCount = 10

  var lines: [String] {
    pictures > 1 ? comparison : description
  }

  /// Of one picture: nothing moves, but there are means and deviations.
  private var description: [String] {
    ["one picture; name several to see what moves between them", ""]
      + ["layer       channels   means                 deviations"]
      + summary.layers.map { layer in
        let channels = summary.channels.filter { $0.layer == layer.name }
        let means = channels.map(\.means.lowerBound)
        let deviations = channels.map(\.deviations.lowerBound)
        return padded(layer.name, 12) + padded("\(layer.channels)", 11)
          + padded(range(means.min() ?? 0, means.max() ?? 0), 22)
          + range(deviations.min() ?? 0, deviations.max() ?? 0)
      }
  }

  private var comparison: [String] {
    let meanScale = summary.layers.map(\.meanMoves).max() ?? 0
    let deviationScale = summary.layers.map(\.deviationMoves).max() ?? 0
    return [
      "how far the channels' means and deviations move between \(pictures) pictures", "",
      "layer       means, in deviations      deviations, as a factor",
    ]
      + summary.layers.map { layer in
        padded(layer.name, 12) + decimals(layer.meanMoves, 2) + " "
          + padded(bar(layer.meanMoves, of: meanScale), Self.barWidth + 5)
          + factor(layer.deviationMoves) + " " + bar(layer.deviationMoves, of: deviationScale)
      }
      + ["", "channels that move most      means                 deviations"]
      + summary.channels.prefix(Self.channelCount).map { channel in
        padded("\(channel.layer) channel \(channel.channel)", 29)
          + padded(range(channel.means.lowerBound, channel.means.upperBound), 22)
          + range(channel.deviations.lowerBound, channel.deviations.upperBound)
      }
  }

  /// `×/÷ 1.32` of the deviation of logarithms.
  private func factor(_ logarithm: Double) -> String {
    "×÷" + decimals(exp(logarithm), 2)
  }

  /// In eighths of a character.
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

  /// Three digits.
  private func short(_ value: Double) -> String {
    decimals(value, value.magnitude < 10 ? 2 : value.magnitude < 100 ? 1 : 0)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
