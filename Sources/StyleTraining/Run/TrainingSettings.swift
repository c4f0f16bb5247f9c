import Glibc
import StyleModels

/// How a style is trained. What stands here by default suits most paintings, and makes one in a minute.
public struct TrainingSettings: Equatable, Sendable {
  /// The numbers that are changed.
  public enum Trained: String, CaseIterable, Sendable {
    /// Gamma and beta of each norm and the colours, on a base that stays as it is.
    case norms
    /// The convolutions, too.
    case all
  }

  /// The way the rate goes from its beginning to its end.
  public enum Schedule: String, CaseIterable, Sendable {
    case constant, linear, cosine
  }

  public var trained = Trained.norms
  /// A crop's side in pixels, a multiple of 4.
  public var crop = 256
  /// Crops of each style in an iteration.
  public var batch = 1
  public var iterations = 400
  /// The time after which training ends, whatever it has come to; nil for as many iterations as there
  /// are.
  public var minutes: Double?
  /// Adam's rate at its highest.
  public var rate = 1e-2
  public var schedule = Schedule.cosine
  public var weights = LossWeights()
  public var taps = LossTaps()
  /// A painting's shorter side, at which its strokes are looked at.
  public var styleSize = 704
  /// The noise that is added to crops, in levels.
  public var noise: Float = 3
  public var seed: UInt64 = 1

  public init() {}

  // Beyond these a step would be of no use, or never end.
  public static let crops = 64...1024
  public static let batches = 1...64
  public static let styleSizes = 64...2048

  /// The share of the rate left at the end, but for a constant one.
  private static let lastShare = 1e-3
  /// Iterations over which the rate rises at first: half of all, but no more; of a constant rate a few.
  private static let warmUp = (most: 200, constant: 20)

  /// The rate of an iteration.
  ///
  /// - Parameter share: The part of the training that is done, 0…1.
  func rate(ofIteration iteration: Int, share: Double) -> Double {
    // A constant rate doesn't hang on how long it is to go on.
    let rise =
      schedule == .constant ? Self.warmUp.constant : max(1, min(Self.warmUp.most, iterations / 2))
    let rising = min(1, Double(iteration + 1) / Double(rise))
    let left = 1 - min(max(share, 0), 1)
    let falling =
      switch schedule {
      case .constant: 1.0
      case .linear: Self.lastShare + (1 - Self.lastShare) * left
      case .cosine:
        Self.lastShare + (1 - Self.lastShare) * (1 - cos(.pi * left)) / 2
      }
    return rate * rising * falling
  }

  /// All that decides which numbers come out, by the flags' names: a checkpoint is held to it.
  var fingerprint: [String: String] {
    [
      "train": trained.rawValue, "crop": "\(crop)", "batch": "\(batch)", "rate": "\(rate)",
      "schedule": schedule.rawValue, "content-weight": "\(weights.content)",
      "style-weight": "\(weights.style)", "range-weight": "\(weights.range)",
      "lattice-weight": "\(weights.lattice)",
      "fine-weight": "\(weights.fine)", "variation-weight": "\(weights.variation)",
      "content-layers": taps.contentText,
      "style-layers": taps.style.map { $0.map(\.rawValue).joined(separator: " ") }
        .joined(separator: " / "),
      "style-size": "\(styleSize)", "noise": "\(noise)", "seed": "\(seed)",
    ]
  }
}
