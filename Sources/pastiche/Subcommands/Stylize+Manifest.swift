import BatchStylizer
import ImageFiles
import Layers
import StyleEngine
import StyleModels
import Synchronization

extension Stylize {
  /// What stands for all that decides the outputs but for the pictures, so that a later run tells its
  /// work from this one's.
  func recipe(_ choices: [NormChoice]) -> Recipe {
    let styles = choices.map { choice in
      let brush = brush.brush(for: choice.model.advice)
      let isLive = choice.normalization == .batchLive
      return textDigest(of: [
        choice.model.digest, "\(choice.normalization)", isLive ? "\(batchSize)" : "",
        "\(brush.strokeSize)", brush.detail.rawValue, "\(brush.grain)", "\(brush.margin)",
      ])
    }
    let options = [
      output.format.rawValue, "\(output.encoding.quality)", "\(output.encoding.compression)",
      output.depth.map { "\($0)" } ?? "", output.metadata.rawValue, input.damaged.rawValue,
      "\(input.resizing)", "\(strength)", "\(keepColor)",
    ]
    return Recipe(
      styles: styles.map { String($0.prefix(16)) },
      options: String(textDigest(of: options).prefix(16)))
  }
}

/// Keeps a run's manifest; where it can't any more, the run ends: what it did unseen, the next one
/// would take for somebody else's.
final class ManifestKeeper: Sendable {
  private let writer: ManifestWriter
  private let control: BatchControl
  private let failure = Mutex<ManifestError?>(nil)

  init(_ writer: ManifestWriter, _ control: BatchControl) {
    self.writer = writer
    self.control = control
  }

  /// The reason why it isn't whole.
  var error: ManifestError? { failure.withLock { $0 } }

  func ended(_ event: BatchEvent) {
    guard error == nil else { return }
    do throws(ManifestError) { try writer.append(event, reason: \.message) } catch {
      failure.withLock { $0 = error }
      control.cancel()
    }
  }
}
