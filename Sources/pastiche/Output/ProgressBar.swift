import Dispatch
import SystemFiles

/// One line at the bottom of a terminal that says how far a run is and how long it will take.
///
/// What changes is touched by the ticker, and in step with it, alone.
final class ProgressBar: @unchecked Sendable {
  private let ticker = Ticker()
  /// The source of the bar's numbers; nil before the start and after the end.
  private var progress: (@Sendable () -> (finished: Int, total: Int?, fraction: Double))?
  private var start = ContinuousClock.now

  /// - Parameter progress: Pictures done, all of them, nil where their number isn't known, and how much
  ///   of the whole work is.
  func start(
    _ progress: @escaping @Sendable () -> (finished: Int, total: Int?, fraction: Double)
  ) {
    ticker.sync {
      self.progress = progress
      start = .now
      draw()
    }
    ticker.start(every: .milliseconds(100)) { [weak self] in self?.draw() }
  }

  /// Ends the bar and clears its line.
  func stop() {
    ticker.stop()
    ticker.sync {
      progress = nil
      StandardError.write("\r\u{1B}[K")
    }
  }

  /// Writes a line above the bar.
  func writeLine(_ line: String) {
    ticker.sync {
      StandardError.write("\r\u{1B}[K\(line.printableLines)\n")
      draw()
    }
  }

  private func draw() {
    guard let (finished, total, fraction) = progress?() else { return }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    StandardError.write(
      "\r\u{1B}[K"
        + Self.line(
          columns: StandardError.columns, finished: finished, total: total, fraction: fraction,
          seconds: seconds))
  }

  /// The bar and its words in a terminal of so many columns: where it is narrow the bar goes first, then
  /// the pace, the share, and the time that is left; what is counted stays.
  static func line(
    columns: Int, finished: Int, total: Int?, fraction: Double, seconds: Double
  ) -> String {
    let isUnderWay = seconds > 1 && fraction > 0
    // Of one picture, as many are done as the share of it that is.
    let rate = (total.map { fraction * Double($0) } ?? Double(finished)) / seconds
    guard let total else {
      let count = "\(finished) done"
      return fitting(
        seconds > 1 && rate > 0 ? ["\(count)  \(pace(rate))", count] : [count], columns)
    }
    let (count, share) = ("\(finished)/\(total)", "  \(decimals(100 * fraction, 1))%")
    guard isUnderWay else {
      return barred(fitting([count + share, count], columns), of: total, fraction, columns)
    }
    let left = "  \(duration(seconds / fraction * (1 - fraction))) left"
    let words = [
      "\(count)\(share)  \(pace(rate))\(left)", count + share + left, count + left, count + share,
      count,
    ]
    return barred(fitting(words, columns), of: total, fraction, columns)
  }

  /// The first of these for which there is room.
  private static func fitting(_ lines: [String], _ columns: Int) -> String {
    lines.first { $0.count < columns } ?? String((lines.last ?? "").prefix(max(0, columns - 1)))
  }

  /// Words behind a bar, where there is room for it.
  private static func barred(
    _ words: String, of total: Int, _ fraction: Double, _ columns: Int
  ) -> String {
    // The words' own length changes, and the bar would jump back with it.
    let width = min(40, columns - 48 - 2 * "\(total)".count)
    guard width >= 8, words.count + width + 3 < columns else { return words }
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
    return "[\(bar)] \(words)"
  }
}
