import Layers
import StyleModels
import SystemPackage
import Tensors
import WeightFiles

/// The training of one or several styles: crops of photographs are painted, judged beside the
/// paintings, and every trained number goes a small step to where the loss is less.
///
/// On a base that stays as it is, a style is its norms' gamma and beta and a colour matrix, some
/// thousand numbers, and a few hundred iterations are enough.
///
/// The same settings, files and number of iterations give the same numbers at any number of threads,
/// and whether it was interrupted or not. One thread at a time uses it.
///
/// Papers: Johnson, Alahi and Fei-Fei 2016, arXiv:1603.08155; Dumoulin, Shlens and Kudlur 2017,
/// arXiv:1610.07629.
public final class Training {
  public let settings: TrainingSettings
  /// The paintings, a style after each.
  public let paintings: [Painting]
  /// Photographs that can't be read, in whose place others were taken.
  public var skippedPhotographs: [SkippedPicture] { crops.skipped }
  /// Iterations done.
  public var iteration: Int { state.iteration }
  /// Iterations whose gradients weren't finite, and were dropped.
  public var droppedIterations: Int { state.dropped }
  /// Seconds spent on them, before an interruption too.
  public var seconds: Double { state.seconds }
  /// The mean of the last iterations' terms, newer ones counting more; nil before the first.
  public var averageTerms: LossTerms? { state.average }
  /// The total of those.
  public var averageTotal: Double? { state.average.map(settings.weights.total) }

  private let beginning: Beginning
  private let crops: CropSource
  private let step: TrainingStep
  private let pool: WorkerPool
  private var state: TrainingState
  /// What it goes back to.
  private var lastGood: TrainingState
  private let fingerprint: [String: String]
  /// What a test makes of an iteration's result before it is judged.
  var disturb: ((_ iteration: Int, _ result: inout TrainingStep.Result) -> Void)?

  /// What happens while it runs.
  public enum Event: Sendable {
    /// An iteration is done: its terms, the mean over all crops.
    case iteration(Iteration)
    /// The loss was no number, or far beyond its average: back at an earlier iteration's numbers, at
    /// half the rate.
    case setback(iteration: Int, total: Double, rate: Double)
  }

  /// What an iteration came to.
  public struct Iteration: Sendable {
    /// Iterations done, this one included.
    public let number: Int
    public let terms: LossTerms
    public let total: Double
    public let rate: Double
    public let gradientNorm: Double
    /// Seconds spent so far, before an interruption too.
    public let seconds: Double
    /// The part of the training that is done, 0…1.
    public let share: Double
  }

  /// What a training comes to.
  public enum End: Equatable, Sendable {
    case finished
    case interrupted
  }

  /// Setbacks after which it gives up.
  private static let setbackLimit = 3
  /// Iterations from one state that it may go back to to the next.
  private static let goodInterval = 50
  /// How many times its average a loss may be, once there is one to speak of.
  private static let outlier = 10.0
  private static let settled = 20

  /// - Parameters:
  ///   - beginning: What is trained, and where it begins.
  ///   - paintings: The paintings, a style after each.
  ///   - content: Photographs, PNG or JPEG files of any size, in an order that is the same the next time.
  ///   - lossNetwork: The network that compares pictures.
  ///   - settings: How it is trained, and for how long.
  ///   - workers: Threads that compute.
  ///   - kernels: The instruction set.
  /// - Throws: `TrainingError`.
  public init(
    _ beginning: Beginning, paintings: [Painting], content: [FilePath], lossNetwork: LossNetwork,
    settings: TrainingSettings, workers: Int, kernels: KernelSet
  ) throws(TrainingError) {
    precondition(!paintings.isEmpty, "a painting at least")
    try beginning.check()
    self.beginning = beginning
    self.settings = settings
    self.paintings = paintings
    let pool = WorkerPool(workers: workers, flushesDenormals: true)
    self.pool = pool
    do throws(CropSourceError) {
      crops = try CropSource(
        pictures: content, side: settings.crop, seed: settings.seed, noise: settings.noise)
    } catch {
      throw .crops(error)
    }
    let targets = paintings.map { painting in
      PerceptualLoss(
        lossNetwork, taps: settings.taps, height: painting.pixels.height,
        width: painting.pixels.width, leadsBack: false, pool: pool, kernels: kernels
      ).target(of: painting.pixels)
    }
    let network = TrainedNetwork(
      beginning.description,
      styles: paintings.map { (name: $0.name, parameters: beginning.parameters) },
      weights: beginning.weights, trainsWeights: settings.trained == .all || beginning.base == nil)
    state = TrainingState(network: network)
    lastGood = state
    step = TrainingStep(
      network, loss: lossNetwork, taps: settings.taps, targets: targets,
      weights: paintings.map { _ in settings.weights }, batch: settings.batch,
      side: settings.crop, pool: pool, kernels: kernels)
    var fingerprint = settings.fingerprint
    fingerprint["style"] = paintings.map { "\($0.name) \($0.digest)" }.joined(separator: "\n")
    fingerprint["base"] = beginning.base?.digest ?? "none"
    fingerprint["width"] = "\(beginning.description.architecture.width)"
    fingerprint["norm"] = beginning.description.norm.rawValue
    fingerprint["groups"] = "\(beginning.description.groups)"
    fingerprint["loss-network"] = lossNetwork.digest
    fingerprint["content"] = "\(content.count) pictures"
    self.fingerprint = fingerprint
  }

  deinit { crops.close() }

  /// Goes on to the end of the training, or until it is interrupted.
  ///
  /// - Parameters:
  ///   - isInterrupted: Asked before every iteration.
  ///   - observe: Is told of each; whoever throws in it ends the training, which can be run again.
  /// - Throws: `TrainingError.diverged` with the last good numbers in place, `.crops`, and what
  ///   `observe` throws.
  public func run(
    unless isInterrupted: () -> Bool, observe: (Event) throws -> Void
  ) throws -> End {
    let start = ContinuousClock.now
    let before = state.seconds
    var seconds: Double { before + (ContinuousClock.now - start) / .seconds(1) }
    while state.iteration < settings.iterations {
      if let minutes = settings.minutes, state.seconds >= 60 * minutes { break }
      if isInterrupted() { return .interrupted }
      let rate =
        settings.rate(ofIteration: state.iteration, share: share) / Double(1 << state.setbacks)
      let crops = try nextCrops()
      var result = step.run(&state.network, crops: crops)
      disturb?(state.iteration, &result)
      guard isGood(result) else {
        try goBack(result, observe)
        continue
      }
      if result.gradientNorm.isFinite {
        state.step(rate: rate, gradientNorm: result.gradientNorm, pool: pool)
        step.update(state.network)
      } else {
        state.dropped += 1
      }
      state.average(with: .mean(result.terms))
      state.iteration += 1
      state.seconds = seconds
      if state.iteration.isMultiple(of: Self.goodInterval) { lastGood = state }
      try observe(
        .iteration(
          Iteration(
            number: state.iteration, terms: .mean(result.terms), total: result.total, rate: rate,
            gradientNorm: result.gradientNorm, seconds: state.seconds, share: share)))
    }
    return .finished
  }

  /// The part of the training that is done, 0…1.
  private var share: Double {
    let share = Double(state.iteration) / Double(max(settings.iterations, 1))
    return min(1, max(share, settings.minutes.map { state.seconds / (60 * $0) } ?? 0))
  }

  private func nextCrops() throws(TrainingError) -> [FeatureMap] {
    let count = settings.batch * paintings.count
    do throws(CropSourceError) {
      var next: [FeatureMap] = []
      for index in 0..<count { next.append(try crops.crop(state.iteration * count + index).pixels) }
      return next
    } catch {
      throw .crops(error)
    }
  }

  private func isGood(_ result: TrainingStep.Result) -> Bool {
    guard result.total.isFinite else { return false }
    guard let average = averageTotal, state.iteration >= Self.settled else { return true }
    return result.total <= Self.outlier * average
  }

  /// Takes up the last good numbers; the crops go on, so that the one at fault isn't met again.
  private func goBack(_ result: TrainingStep.Result, _ observe: (Event) throws -> Void) throws {
    let (iteration, setbacks) = (state.iteration, state.setbacks + 1)
    let (seconds, dropped) = (state.seconds, state.dropped)
    state = lastGood
    step.update(state.network)
    (state.iteration, state.setbacks) = (iteration + 1, setbacks)
    (state.seconds, state.dropped) = (seconds, dropped)
    guard setbacks < Self.setbackLimit else {
      throw TrainingError.diverged(iteration: iteration + 1, times: setbacks)
    }
    try observe(
      .setback(
        iteration: iteration + 1, total: result.total,
        rate: settings.rate / Double(1 << setbacks)))
  }

  // What comes of it

  /// Numbers that are trained.
  public var parameterCount: Int { state.network.tensors.reduce(0) { $0 + $1.values.count } }

  /// The settings that it hangs on, for a file's card.
  public var settingsText: String {
    settings.fingerprint.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      .joined(separator: ", ")
  }

  /// The contents of a checkpoint's file, as it stands.
  public var checkpoint: WeightFile {
    state.checkpoint(lastGood: lastGood, fingerprint)
  }

  /// Takes over a checkpoint of the same settings.
  ///
  /// - Throws: `TrainingError.checkpoint` with `path`.
  public func restore(_ checkpoint: WeightFile, from path: FilePath) throws(TrainingError) {
    do throws(CheckpointFault) { lastGood = try state.restore(checkpoint, fingerprint) } catch {
      throw .checkpoint(path, error)
    }
    step.update(state.network)
  }

  /// The base that the styles are on: the one begun with, or what has become of its convolutions.
  ///
  /// - Parameters:
  ///   - name: Of a base whose convolutions were trained.
  ///   - licence: The terms under which that one may be used.
  ///   - training: How that one came about.
  /// - Throws: `TrainingError.model`.
  public func base(named name: String, licence: String, training: String)
    throws(TrainingError) -> BaseModel
  {
    if let base = beginning.base, !state.network.trainsWeights { return base }
    var weights: [String: StoredTensor] = [:]
    for (index, layer) in beginning.description.layers.enumerated() {
      weights["\(layer.name).weight"] = StoredTensor(
        shape: layer.convolution.weightShape, values: state.network.convolution(index))
    }
    do throws(StyleModelError) {
      return try BaseModel(
        name: name, description: beginning.description, licence: licence, training: training,
        weights: weights)
    } catch {
      throw .model(error)
    }
  }

  /// A style as it is now.
  ///
  /// - Parameters:
  ///   - index: The painting's place among the paintings.
  ///   - base: As `base(named:)` gives it.
  ///   - advice: The way in which it is best painted.
  ///   - licence: The terms under which it may be used.
  ///   - training: How it came about.
  ///   - card: What else its file tells.
  /// - Throws: `TrainingError.model`.
  public func style(
    _ index: Int, on base: BaseModel, advice: PaintingAdvice, licence: String, training: String,
    card: [String: String]
  ) throws(TrainingError) -> StyleModel {
    do throws(StyleModelError) {
      return try StyleModel(
        name: paintings[index].name, state.network.parameters(ofStyle: index), on: base,
        norm: beginning.description.norm, groups: beginning.description.groups, advice: advice,
        licence: licence, training: training, card: card)
    } catch {
      throw .model(error)
    }
  }
}
