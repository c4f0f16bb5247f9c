import SystemFiles
import SystemPackage

/// What manifests tell together, those of shards or of runs one after the other: of each output what
/// became of it last.
public struct ManifestSummary: Equatable, Sendable {
  /// Why pictures failed.
  public struct Reason: Equatable, Sendable {
    public let text: String
    /// Paintings that failed for it.
    public let count: Int
    /// The photographs that they were to be of: one that fails in two styles is one.
    public let pictures: Int
    /// Some of them.
    public let examples: [FilePath]

    /// `4 failed, of 2 pictures: it is empty`
    package var sentence: String {
      let pictures = count == pictures ? "" : ", of \(counted(pictures, "picture"))"
      return "\(count) failed\(pictures): \(text)"
    }
  }

  /// A picture that took long.
  public struct Item: Equatable, Sendable {
    public let input: FilePath
    public let output: FilePath
    public let seconds: Double
  }

  public let done: Int
  public let failed: Int
  /// The reasons, the most frequent first.
  public let reasons: [Reason]
  /// The runs, those of shards one by one.
  public let runs: Int
  /// The time in which a run was on.
  public let seconds: Double
  /// Those that took the longest, the longest first.
  public let slowest: [Item]
  /// Pictures done in each of equal parts of the time from the first beginning to the last end.
  public let timeline: [Int]
  /// The time from the first beginning to the last end.
  public let span: Double
  /// Lines that are none of a manifest.
  public let unreadableLines: Int

  /// Pictures done in a second in which a run was on.
  public var picturesPerSecond: Double { seconds > 0 ? Double(done) / seconds : 0 }

  private static let maximumExamples = 3
  private static let maximumSlowest = 10
  private static let timelineParts = 40

  /// What became of an output.
  private struct State {
    let ended: Double
    /// The number of the reason why it failed; nil where it is done.
    let reason: Int32?
    /// The hash of its input.
    let input: Int
  }

  /// - Parameter paths: Manifests, or directories that hold some.
  /// - Throws: `ManifestError.unreadable`, `.none` where a directory holds none.
  /// - Complexity: O(n) in records; a few dozen bytes of memory for each output.
  public init(reading paths: [FilePath]) throws(ManifestError) {
    var states: [Int: State] = [:]
    var reasons: [String: Int32] = [:]
    // More than are shown, as some may be done by a later record.
    var examples: [[(input: FilePath, output: Int)]] = []
    var spans: [Double: Double] = [:]
    var slow: [Item] = []
    var (runs, unreadable) = (0, 0)
    var intervals: [ClosedRange<Double>] = []
    for path in try Self.files(paths) {
      spans = [:]
      try Self.read(path) { record in
        guard let record else {
          unreadable += 1
          return
        }
        spans[record.began] = max(spans[record.began] ?? record.began, record.ended)
        let input = JSONPath(record.input, base64: record.inputBase64).path
        let output = path.removingLastComponent().pushing(
          JSONPath(record.output, base64: record.outputBase64).path)
        var reason: Int32?
        if record.outcome == .failed {
          let text = record.error ?? ""
          let number = reasons[text] ?? Int32(examples.count)
          if reasons.updateValue(number, forKey: text) == nil { examples.append([]) }
          if examples[Int(number)].count < 10 * Self.maximumExamples {
            examples[Int(number)].append((input, output.hashValue))
          }
          reason = number
        } else if slow.count < Self.maximumSlowest || record.seconds > slow[slow.count - 1].seconds
        {
          slow.removeAll { $0.output == output && $0.seconds <= record.seconds }
          if !slow.contains(where: { $0.output == output }) {
            let place = slow.firstIndex { $0.seconds < record.seconds } ?? slow.count
            slow.insert(Item(input: input, output: output, seconds: record.seconds), at: place)
          }
          if slow.count > Self.maximumSlowest { slow.removeLast() }
        }
        if let before = states[output.hashValue], before.ended > record.ended { return }
        states[output.hashValue] = State(
          ended: record.ended, reason: reason, input: input.hashValue)
      }
      runs += spans.count
      intervals += spans.map { $0...$1 }
    }
    var counts = [Int](repeating: 0, count: examples.count)
    var pictures = [Set<Int>](repeating: [], count: examples.count)
    for state in states.values {
      guard let reason = state.reason else { continue }
      counts[Int(reason)] += 1
      pictures[Int(reason)].insert(state.input)
    }
    failed = counts.reduce(0, +)
    done = states.count - failed
    self.reasons = reasons.filter { counts[Int($1)] > 0 }.map { text, number in
      let last = examples[Int(number)].filter { states[$0.output]?.reason == number }
      var inputs: [FilePath] = []
      for (input, _) in last where !inputs.contains(input) { inputs.append(input) }
      return Reason(
        text: text, count: counts[Int(number)], pictures: pictures[Int(number)].count,
        examples: Array(inputs.prefix(Self.maximumExamples)))
    }.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    self.runs = runs
    slowest = slow
    unreadableLines = unreadable
    seconds = Self.length(of: intervals)
    let first = intervals.lazy.map(\.lowerBound).min() ?? 0
    let span = (intervals.lazy.map(\.upperBound).max() ?? 0) - first
    var timeline = [Int](repeating: 0, count: Self.timelineParts)
    for state in states.values where state.reason == nil {
      let part = span > 0 ? (state.ended - first) / span * Double(Self.timelineParts) : 0
      timeline[Int(min(max(part, 0), Double(Self.timelineParts - 1)))] += 1
    }
    (self.span, self.timeline) = (span, timeline)
  }

  /// The manifests that are meant.
  private static func files(_ paths: [FilePath]) throws(ManifestError) -> [FilePath] {
    var files: [FilePath] = []
    for path in paths {
      if FileIdentity(of: path)?.isDirectory ?? false {
        let found = ManifestFile.paths(in: path, knowing: nil)
        if found.isEmpty { throw .none(path) }
        files += found.sorted { $0.precedes($1) }
      } else {
        files.append(path)
      }
    }
    return files
  }

  private static func read(_ path: FilePath, _ body: (ManifestRecord?) -> Void)
    throws(ManifestError)
  {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
      try file.closeAfter {
        try FileLines(of: file).read { line, _, isComplete in
          if isComplete { body(ManifestRecord(line: line)) }
        }
      }
    } catch {
      throw .unreadable(path, error as? Errno ?? .ioError)
    }
  }

  /// The length of what intervals cover together.
  private static func length(of intervals: [ClosedRange<Double>]) -> Double {
    var (length, end) = (0.0, -Double.infinity)
    for interval in intervals.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      length += max(0, interval.upperBound - max(interval.lowerBound, end))
      end = max(end, interval.upperBound)
    }
    return length
  }
}
