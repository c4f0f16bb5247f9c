import Layers
import Tensors

/// Finds the loss of paintings beside the painting that their style is after, as training reckons it.
///
/// Memory is taken for pictures of one size, and anew where one has another than the one before it.
/// One thread at a time uses it.
public final class Evaluation {
  public let weights: LossWeights
  private let network: LossNetwork
  private let taps: LossTaps
  private let target: StyleTarget
  private let pool: WorkerPool
  private let kernels: KernelSet
  private let progress: ExecutionProgress
  private var room: Room?

  /// What a picture comes to.
  public struct Finding: Equatable, Sendable {
    /// The loss of the picture as it was painted.
    public let painted: LossTerms
    /// That of the photograph as it is, as though it were the painted picture: its content is 0.
    public let untouched: LossTerms

    /// Whether every term is a number.
    public var isFinite: Bool { painted.isFinite && untouched.isFinite }

    /// The mean of several.
    public static func mean(_ findings: [Finding]) -> Finding {
      Finding(
        painted: .mean(findings.map(\.painted)), untouched: .mean(findings.map(\.untouched)))
    }
  }

  /// What pictures of one size take.
  private struct Room {
    let loss: PerceptualLoss
    let photograph, painted: FeatureMap
  }

  /// Looks at the painting.
  ///
  /// - Parameters:
  ///   - painting: The painting that a style is after.
  ///   - lossNetwork: The network that compares pictures.
  ///   - taps: The layers that are compared.
  ///   - weights: How much each part of the loss counts.
  ///   - workers: Threads that compute.
  ///   - kernels: The instruction set.
  ///   - progress: The way to stop it: once it is cancelled, there are no findings.
  public init(
    _ painting: Painting, lossNetwork: LossNetwork, taps: LossTaps = LossTaps(),
    weights: LossWeights = LossWeights(), workers: Int, kernels: KernelSet,
    progress: ExecutionProgress = ExecutionProgress()
  ) {
    self.weights = weights
    network = lossNetwork
    self.taps = taps
    self.kernels = kernels
    self.progress = progress
    pool = WorkerPool(workers: workers, flushesDenormals: true)
    target = PerceptualLoss(
      lossNetwork, taps: taps, height: painting.pixels.height, width: painting.pixels.width,
      leadsBack: false, pool: pool, kernels: kernels, progress: progress
    ).target(of: painting.pixels)
  }

  /// The shortest side of a picture that is seen at every scale, as the painting was: losses of
  /// smaller ones can't be compared with others'.
  public var leastSide: Int { taps.leastSide }

  /// Finds the loss of a photograph, painted and untouched.
  ///
  /// - Parameters:
  ///   - width: Pixels of a row.
  ///   - height: Rows.
  ///   - photograph: Red, green and blue in 0…255, `[H, W, 3]`.
  ///   - painted: What was made of it, neither rounded nor clamped, `[H, W, 3]`.
  /// - Returns: Its finding; nil where it was cancelled.
  /// - Precondition: `width` and `height` are at least `leastSide`.
  /// - Complexity: O(H · W) in time and memory: some 1.5 KB a pixel under VGG-19.
  public func finding(width: Int, height: Int, photograph: [Float], painted: [Float]) -> Finding? {
    precondition(min(width, height) >= leastSide, "width and height >= leastSide")
    precondition(
      photograph.count == 3 * width * height && painted.count == photograph.count,
      "[H, W, 3] samples each")
    let room = room(width: width, height: height)
    room.photograph.setPixels(from: photograph)
    room.painted.setPixels(from: painted)
    room.loss.setContent(room.photograph)
    let finding = Finding(
      painted: room.loss.terms(of: room.painted, target, weights),
      untouched: room.loss.terms(of: room.photograph, target, weights))
    return progress.isCancelled ? nil : finding
  }

  private func room(width: Int, height: Int) -> Room {
    if let room, (room.painted.width, room.painted.height) == (width, height) { return room }
    // The old one goes before there is another.
    room = nil
    let new = Room(
      loss: PerceptualLoss(
        network, taps: taps, height: height, width: width, leadsBack: false, pool: pool,
        kernels: kernels, progress: progress),
      photograph: .pixels(height: height, width: width),
      painted: .pixels(height: height, width: width))
    room = new
    return new
  }
}

extension FeatureMap {
  /// Sets the pixels to samples `[H, W, 3]`.
  fileprivate func setPixels(from samples: [Float]) {
    setPixels { y, x in
      let first = 3 * (y * width + x)
      return Pixel(samples[first], samples[first + 1], samples[first + 2], 0)
    }
  }
}
