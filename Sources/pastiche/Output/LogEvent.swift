import BatchStylizer

/// A line for programs, of a run or a dry run: what happened, and of what it is.
struct LogEvent: Encodable {
  var event: String
  var text: String?
  var input: String?
  var inputBase64: String?
  var output: String?
  var outputBase64: String?
  var format: String?
  var width: Int?
  var height: Int?
  var notes: [String]?
  var noteKinds: [String]?
  var error: String?
  var pictures: Int?
  var finished: Int?
  var passedOverFiles: Int?
  var passedOverDirectories: Int?
  var done: Int?
  var skipped: Int?
  var failed: Int?
  var endedEarly: Bool?
  var seconds: Double?
  var fraction: Double?
  var peakRssBytes: Int?
  var memoryBytes: Int?
  var scratchBytes: Int?
}

extension LogEvent {
  /// An event of a picture.
  init(_ event: String, _ item: BatchPlan.Item) {
    let (input, output) = (JSONPath(item.input), JSONPath(item.output))
    self.init(
      event: event, input: input.text, inputBase64: input.base64, output: output.text,
      outputBase64: output.base64)
  }
}
