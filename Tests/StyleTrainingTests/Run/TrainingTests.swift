import ImageFiles
import StyleModels
import SystemPackage
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import StyleTraining

/// Trainings of a small network on small pictures, from beginning to end.
@Suite(.deadline(minutes: 2)) struct TrainingTests {
  private let folder: TemporaryFolder
  private let photographs: [FilePath]

  init() throws {
    folder = try TemporaryFolder()
    let folder = folder
    photographs = try (0..<3).map { index in
      let path = folder["photograph-\(index).png"]
      try Image(randomWidth: 48, height: 40 + 8 * index, seed: UInt64(index)).write(path)
      return path
    }
    try Image(randomWidth: 64, height: 72, seed: 9).write(folder["painting.png"])
  }

  private func training(
    _ change: (inout TrainingSettings) -> Void = { _ in }, workers: Int = 2
  ) throws -> Training {
    var settings = TrainingSettings()
    (settings.crop, settings.styleSize, settings.iterations) = (32, 64, 8)
    change(&settings)
    return try Training(
      .scratch(width: 4, norm: .instance, groups: 1, seed: 1),
      paintings: [Painting(contentsOf: folder["painting.png"], name: "painting", size: 64)],
      content: photographs, lossNetwork: LossNetwork(PlainLoss().file), settings: settings,
      workers: workers, kernels: KernelSet.available[0])
  }

  /// All numbers that are trained, and what the optimizer remembers of them.
  private func numbers(_ training: Training) -> [String: StoredTensor] {
    training.checkpoint.tensors
  }

  @discardableResult
  private func run(_ training: Training, observe: (Training.Event) throws -> Void = { _ in })
    throws -> Training.End
  {
    try training.run(unless: { false }, observe: observe)
  }

  // Setbacks

  /// A total that is no number: back at the numbers of the beginning at half the rate, with the crops
  /// that come next.
  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func noNumberSetsItBack(_ total: Double) throws {
    let training = try training { $0.schedule = .constant }
    let beginning = numbers(training)
    training.disturb = { iteration, result in
      if iteration == 4 { result.total = total }
    }
    var (done, rates, setbacks) = ([Int](), [Double](), 0)
    let end = try run(training) { event in
      switch event {
      case .iteration(let iteration):
        done.append(iteration.number)
        rates.append(iteration.rate)
        #expect(numbers(training) != beginning)
      case .setback(let iteration, let found, let rate):
        setbacks += 1
        #expect(iteration == 5 && rate == 0.005)
        #expect(found == total || found.isNaN && total.isNaN)
        #expect(numbers(training) == beginning)
        #expect(training.checkpoint.metadata["steps"] == "0")
      }
    }
    #expect(end == .finished && setbacks == 1)
    #expect(done == [1, 2, 3, 4, 6, 7, 8])
    for (rate, expected) in zip(rates, [1, 2, 3, 4, 3, 3.5, 4]) {
      #expect(abs(rate - 0.01 * expected / 20) <= 1e-15)
    }
  }

  /// It goes back to the last fiftieth iteration, not to the beginning.
  @Test func lastGoodNumbersAreNotLongAgo() throws {
    let training = try training { $0.iterations = 54 }
    training.disturb = { iteration, result in
      if iteration == 51 { result.total = .nan }
    }
    var good: [String: StoredTensor] = [:]
    try run(training) { event in
      switch event {
      case .iteration(let iteration):
        if iteration.number == 50 { good = numbers(training) }
        if iteration.number == 51 { #expect(numbers(training) != good) }
      case .setback: #expect(numbers(training) == good && !good.isEmpty)
      }
    }
    #expect(training.iteration == 54)
  }

  /// Ten times the average is too much once there is one.
  @Test func lossFarBeyondItsAverageSetsItBack() throws {
    let training = try training { $0.iterations = 24 }
    var totals: [Double] = []
    training.disturb = { iteration, result in
      if [3, 21].contains(iteration) { result.total *= 100 }
      totals.append(result.total)
    }
    var setbacks: [Int] = []
    try run(training) { event in
      if case .setback(let iteration, let total, _) = event {
        setbacks.append(iteration)
        #expect(total == totals.last)
      }
    }
    #expect(setbacks == [22])
  }

  /// With the last good numbers in place. Here it is the rate that is at fault, and each half of it.
  @Test func thirdSetbackIsTheLast() throws {
    let training = try training {
      ($0.rate, $0.schedule) = (1e36, .constant)
    }
    let beginning = numbers(training)
    var setbacks: [Int] = []
    #expect(throws: TrainingError.diverged(iteration: 6, times: 3)) {
      try run(training) { event in
        if case .setback(let iteration, _, _) = event { setbacks.append(iteration) }
      }
    }
    #expect(setbacks == [2, 4])
    #expect(numbers(training) == beginning)
  }

  /// A gradient that is no number is dropped: the numbers stay, and the next crops are met.
  @Test func gradientThatIsNoNumberIsDropped() throws {
    let training = try training()
    var before = numbers(training)
    training.disturb = { iteration, result in
      if iteration == 2 { result.gradientNorm = .nan }
      if iteration == 5 { result.total = .nan }
    }
    try run(training) { event in
      guard case .iteration(let iteration) = event else { return }
      #expect((numbers(training) == before) == (iteration.number == 3))
      before = numbers(training)
    }
    // A setback doesn't take it back.
    #expect(training.droppedIterations == 1)
  }

  // The same numbers

  @Test(arguments: [1, 3])
  func workersDoNotChangeABit(_ workers: Int) throws {
    let (two, other) = (try training(), try training(workers: workers))
    try run(two)
    try run(other)
    #expect(numbers(two) == numbers(other))
  }

  /// What is gone on with from a checkpoint comes to the same.
  @Test func interruptionDoesNotChangeABit() throws {
    let (whole, first, second) = (try training(), try training(), try training())
    try run(whole)
    var done = 0
    let end = try first.run(unless: { done == 3 }, observe: { _ in done += 1 })
    #expect(end == .interrupted && first.iteration == 3)
    let file = folder["checkpoint.safetensors"]
    try first.checkpoint.write(to: file, replacing: false)
    try second.restore(WeightFile(contentsOf: file), from: file)
    #expect(second.iteration == 3)
    try #expect(run(second) == .finished)
    #expect(numbers(second) == numbers(whole))
  }

  /// A setback after an interruption leads to where it would have without.
  @Test func lastGoodNumbersOutliveAnInterruption() throws {
    let (whole, first, second) = (
      try training { $0.iterations = 56 }, try training { $0.iterations = 56 },
      try training { $0.iterations = 56 }
    )
    for training in [whole, first, second] {
      training.disturb = { iteration, result in if iteration == 53 { result.total = .nan } }
    }
    try run(whole)
    var done = 0
    try _ = first.run(unless: { done == 52 }, observe: { _ in done += 1 })
    let file = folder["checkpoint.safetensors"]
    try first.checkpoint.write(to: file, replacing: false)
    try second.restore(WeightFile(contentsOf: file), from: file)
    try run(second)
    #expect(second.checkpoint.metadata["setbacks"] == "1")
    #expect(numbers(second) == numbers(whole))
  }
}
