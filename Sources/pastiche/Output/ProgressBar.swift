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
    let columns = StandardError.columns
    guard let total else {
      let rate = "  \(decimals(Double(finished) / seconds, 2)) pictures/s"
      let text = "\(finished) done" + (seconds > 1 ? rate : "")
      return StandardError.write("\r\u{1B}[K" + text.prefix(columns - 1))
    }
    var text = " \(finished)/\(total)  \(decimals(100 * fraction, 1))%"
    if seconds > 1, fraction > 0 {
      text += "  \(decimals(fraction * Double(total) / seconds, 2)) pictures/s"
      text += "  \(duration(seconds / fraction * (1 - fraction))) left"
    }
    // The words' own length changes, and the bar would jump back with it.
    let words = 44 + 2 * "\(total)".count
    let width = min(40, max(columns - words, 0))
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
    StandardError.write("\r\u{1B}[K" + "[\(bar)]\(text)".prefix(columns - 1))
  }
}
