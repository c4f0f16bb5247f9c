import SystemPackage

/// An event of a run: something that happens to one picture.
public struct BatchEvent: Sendable {
  public enum Outcome: Sendable {
    /// The output is complete; the picture can be looked at where `Options.thumbnailSide` asks for
    /// it.
    case done(width: Int, height: Int, notes: [BatchNote], looks: BatchLooks?)
    /// The output was there already.
    case skipped
    case failed(ItemError)
  }

  public let item: BatchPlan.Item
  public let outcome: Outcome
  /// How long it was worked on, without its waiting for its turn; nil where it didn't set out.
  public let seconds: Double?

  var isSkipped: Bool { if case .skipped = outcome { true } else { false } }
}

/// The outcome of a run.
public struct BatchReport: Equatable, Sendable {
  public var done = 0
  public var skipped = 0
  /// Those of the skipped that a manifest shows as done.
  public var known = 0
  public var failureCount = 0
  /// The first of the failures.
  public var failures: [Failure] = []
  /// Whether the run was ended before every picture had its turn, by an interrupt or a failure
  /// under `failFast`.
  public var endedEarly = false

  public struct Failure: Equatable, Sendable {
    public let input: FilePath
    public let error: ItemError

    public init(input: FilePath, error: ItemError) {
      self.input = input
      self.error = error
    }
  }

  /// The most failures that are kept, as there may be a million.
  public static let maximumFailures = 1000

  public init() {}

  mutating func count(_ event: BatchEvent) {
    switch event.outcome {
    case .done: done += 1
    case .skipped:
      skipped += 1
      if event.item.isKnown { known += 1 }
    case .failed(let error):
      failureCount += 1
      if failures.count < Self.maximumFailures {
        failures.append(Failure(input: event.item.input, error: error))
      }
    }
  }
}
