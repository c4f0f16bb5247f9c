import FoundationEssentials
import SystemFiles
import SystemPackage

/// A line of a manifest: what became of one picture in one style.
public struct ManifestRecord: Codable, Equatable, Sendable {
  public enum Outcome: String, Codable, Sendable {
    case done, failed
  }

  /// The input as it was named; where it is no UTF-8, its bytes come along in base64.
  public var input: String
  public var inputBase64: String?
  /// The state of the input's file; nil for a stream's.
  public var inputBytes: Int?
  /// Nanoseconds since 1970.
  public var inputModified: Int?
  /// The output, from the manifest's directory on.
  public var output: String
  public var outputBase64: String?
  /// Its length, where it is done.
  public var outputBytes: Int?
  /// What stands for the style and the brush, and for the options, as far as they decide the output.
  public var style: String
  public var options: String
  public var outcome: Outcome
  /// The reason why it failed.
  public var error: String?
  /// How long it was worked on.
  public var seconds: Double
  /// When the run began, and when the picture ended; seconds since 1970.
  public var began: Double
  public var ended: Double

  private enum CodingKeys: String, CodingKey {
    case input, output, style, options, outcome, error, seconds, began, ended
    case inputBase64 = "input_base64"
    case inputBytes = "input_bytes"
    case inputModified = "input_modified"
    case outputBase64 = "output_base64"
    case outputBytes = "output_bytes"
  }
}

/// What decides how a run's outputs come out, but for the inputs.
public struct Recipe: Equatable, Sendable {
  /// What stands for each style, as the plan numbers them.
  public let styles: [String]
  /// What stands for the options.
  public let options: String

  public init(styles: [String], options: String) {
    self.styles = styles
    self.options = options
  }
}

extension ManifestRecord {
  /// The record of an item that has had its turn; nil where it was skipped.
  ///
  /// - Parameters:
  ///   - directory: The manifest's.
  ///   - reason: The words for why it failed.
  init?(
    _ event: BatchEvent, _ recipe: Recipe, in directory: FilePath, began: Double, ended: Double,
    reason: (ItemError) -> String
  ) {
    let item = event.item
    switch event.outcome {
    case .skipped: return nil
    case .failed(let failure): (outcome, error) = (.failed, reason(failure))
    case .done:
      outcome = .done
      outputBytes = FileStatus(of: item.output)?.size
    }
    let (input, output) = (JSONPath(item.input), JSONPath(item.output.below(directory)))
    (self.input, inputBase64) = (input.text, input.base64)
    (self.output, outputBase64) = (output.text, output.base64)
    inputBytes = item.inputStatus?.size
    inputModified = item.inputStatus?.modified
    style = recipe.styles[item.style]
    options = recipe.options
    seconds = ((event.seconds ?? 0) * 1000).rounded() / 1000
    (self.began, self.ended) = (began, ended)
  }

  /// Whether this is what a run by this recipe would make of the item.
  func isOf(_ item: BatchPlan.Item, _ recipe: Recipe) -> Bool {
    outcome == .done && style == recipe.styles[item.style] && options == recipe.options
      && inputBytes == item.inputStatus?.size && inputModified == item.inputStatus?.modified
  }

  /// Reads a line; nil where it is none of a manifest.
  init?(line: some Sequence<UInt8>) {
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
    self = record
  }

  /// The line, without its end.
  var line: String { encodedJSON(self) }
}

extension FilePath {
  /// The path from a directory on.
  func below(_ directory: FilePath) -> FilePath {
    var path = self
    return path.removePrefix(directory) ? path : self
  }
}
