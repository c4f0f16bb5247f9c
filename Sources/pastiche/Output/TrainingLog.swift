import BatchStylizer
import FoundationEssentials
import StyleTraining
import SystemPackage

/// What a training tells while it goes on, on standard error: words, or a JSON object a line.
final class TrainingLog {
  private let format: LogFormat
  private let isQuiet: Bool
  private var shown = ContinuousClock.now - .seconds(1)
  /// Whether a line that will be replaced is on the terminal.
  private var isOpen = false

  /// How often words that stay are written where there is no terminal.
  private static let interval = 50

  init(_ format: LogFormat, isQuiet: Bool) {
    self.format = format
    self.isQuiet = isQuiet
  }

  func note(_ text: String) {
    switch format {
    case .text: if !isQuiet { line(text) }
    case .json: if !isQuiet { write(Event(event: "note", text: text)) }
    }
  }

  /// Tells what is wrong, and goes on.
  func failed(_ text: String) {
    switch format {
    case .text: line(text)
    case .json: write(Event(event: "failed", error: text))
    }
  }

  /// Tells that a photograph isn't used.
  func skipped(_ photograph: SkippedPicture) {
    switch format {
    case .text:
      line("\(printable(photograph.path)): skipped: \(photograph.reason)")
    case .json:
      let path = JSONPath(photograph.path)
      write(
        Event(
          event: "skipped", error: "\(photograph.reason)", path: path.text,
          pathBase64: path.base64))
    }
  }

  func began(_ styles: [String], parameters: Int, photographs: Int) {
    switch format {
    case .text:
      note(
        "\(printable(styles.joined(separator: ", "))): training \(parameters) numbers on "
          + counted(photographs, "photograph"))
    case .json:
      if isQuiet { return }
      write(Event(event: "began", styles: styles, parameters: parameters, photographs: photographs))
    }
  }

  func ended(_ iteration: Training.Iteration, average: LossTerms, total: Double) {
    guard !isQuiet else { return }
    switch format {
    case .json:
      write(
        Event(
          event: "iteration", iteration: iteration.number, content: iteration.terms.content,
          style: iteration.terms.style, range: iteration.terms.range,
          lattice: iteration.terms.lattice, fine: iteration.terms.fine,
          variation: iteration.terms.variation,
          total: iteration.total, rate: iteration.rate, gradientNorm: iteration.gradientNorm,
          seconds: iteration.seconds, fraction: iteration.share))
    case .text:
      let words =
        "\(iteration.number) iterations, \(decimals(100 * iteration.share, 0)) %: "
        + "content \(decimals(average.content, 3)), style \(decimals(average.style, 3)), "
        + "in all \(decimals(total, 3)), \(left(iteration)) left"
      if StandardError.isTerminal {
        guard ContinuousClock.now - shown >= .milliseconds(100) else { return }
        shown = .now
        isOpen = true
        StandardError.write("\r\u{1B}[K" + words.prefix(StandardError.columns - 1))
      } else if iteration.number.isMultiple(of: Self.interval) {
        line(words)
      }
    }
  }

  private func left(_ iteration: Training.Iteration) -> String {
    guard iteration.share > 0 else { return "some time" }
    return duration(iteration.seconds * (1 - iteration.share) / iteration.share)
  }

  func setback(iteration: Int, total: Double, rate: Double) {
    switch format {
    case .json:
      write(Event(event: "setback", iteration: iteration, total: total, rate: rate))
    case .text:
      line(
        "iteration \(iteration): the loss is \(decimals(total, 3)); back to the last good numbers, "
          + "at half the rate")
    }
  }

  func wrote(_ kind: String, _ path: FilePath, iteration: Int) {
    guard format == .json, !isQuiet else { return }
    let path = JSONPath(path)
    write(Event(event: kind, iteration: iteration, path: path.text, pathBase64: path.base64))
  }

  /// Tells that a style is there.
  func finished(
    _ style: FilePath, iterations: Int, terms: LossTerms?, total: Double?, seconds: Double
  ) {
    switch format {
    case .json:
      if isQuiet { return }
      let path = JSONPath(style)
      write(
        Event(
          event: "finished", iteration: iterations, content: terms?.content, style: terms?.style,
          total: total, seconds: seconds, path: path.text, pathBase64: path.base64))
    case .text:
      guard !isQuiet else { return }
      line(
        "\(printable(style)): \(counted(iterations, "iteration")) in \(duration(seconds))"
          + (terms.map {
            ", content \(decimals($0.content, 3)), style \(decimals($0.style, 3))"
          } ?? ""))
    }
  }

  func interrupted(_ text: String, iteration: Int) {
    switch format {
    case .json: write(Event(event: "interrupted", text: text, iteration: iteration))
    case .text: line(text)
    }
  }

  func refused(_ reason: String) {
    switch format {
    case .json: write(Event(event: "refused", error: reason))
    case .text:
      close()
      StandardError.write(refusal: reason)
    }
  }

  private func line(_ text: String) {
    close()
    StandardError.writeLine(text)
  }

  private func close() {
    if isOpen { StandardError.write("\r\u{1B}[K") }
    isOpen = false
  }

  private func write(_ event: Event) { StandardError.writeLine(encodedJSON(event)) }

  private struct Event: Encodable {
    var event: String
    var text: String?
    var error: String?
    var styles: [String]?
    var parameters: Int?
    var photographs: Int?
    var iteration: Int?
    var content: Double?
    var style: Double?
    var range: Double?
    var lattice: Double?
    var fine: Double?
    var variation: Double?
    var total: Double?
    var rate: Double?
    var gradientNorm: Double?
    var seconds: Double?
    var fraction: Double?
    var path: String?
    var pathBase64: String?
  }
}
