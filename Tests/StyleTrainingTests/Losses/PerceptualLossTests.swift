import Tensors
import TestSupport
import Testing

@testable import StyleTraining

/// The loss of a small random network against its definition in Double, and its gradient against
/// central differences of that: through Gram matrices, ReLUs, zero padding, maxima and halves.
@Suite(.deadline(minutes: 2)) struct PerceptualLossTests {
  private static let plain = PlainLoss()
  /// Sides that are odd, at every scale.
  private static let (height, width) = (17, 23)

  private let plain = Self.plain
  private let network: LossNetwork
  private let picture = FeatureMap.picture(height: height, width: width)
  private let photograph = FeatureMap.picture(height: height, width: width, in: 0...255, seed: 2)
  private let painting = FeatureMap.picture(height: 20, width: 16, in: 0...255, seed: 3)
  private let taps = LossTaps()

  init() throws {
    network = try LossNetwork(Self.plain.file)
  }

  /// Each term alone: its weight, and its plain value.
  private struct Term: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let weight: WritableKeyPath<LossWeights, Double> & Sendable
    let term: KeyPath<LossTerms, Double> & Sendable

    static let all = [
      Term(testDescription: "content", weight: \.content, term: \.content),
      Term(testDescription: "style", weight: \.style, term: \.style),
    ]
  }

  private func loss(_ kernels: KernelSet, height: Int, width: Int, workers: Int = 2)
    -> PerceptualLoss
  {
    PerceptualLoss(
      network, taps: taps, height: height, width: width, pool: WorkerPool(workers: workers),
      kernels: kernels)
  }

  private func target(_ kernels: KernelSet) -> StyleTarget {
    loss(kernels, height: painting.height, width: painting.width).target(of: painting)
  }

  @Test(arguments: Term.all)
  private func agreesWithTheDefinition(_ term: Term) {
    let grams = plain.grams(
      painting.colors, painting.height, painting.width)
    let wanted = plain.kept(photograph.colors, Self.height, Self.width)
    func naive(_ colors: [Double]) -> Double {
      term.testDescription == "content"
        ? plain.content(plain.kept(colors, Self.height, Self.width), wanted)
        : plain.style(plain.grams(colors, Self.height, Self.width), grams)
    }
    let colors = picture.colors
    let expected = naive(colors)
    let places = some(of: colors.count, every: 41)
    let slopes = places.map { 0.25 * 2 * slope(of: naive, at: colors, by: $0, step: 1e-3) }
    let largest = slopes.reduce(0) { max($0, abs($1)) }
    var weights = LossWeights()
    weights = weights.scaled(by: 0)
    weights[keyPath: term.weight] = 2
    for kernels in KernelSet.available {
      let loss = loss(kernels, height: Self.height, width: Self.width)
      loss.setContent(photograph)
      let gradient = FeatureMap.picture(height: Self.height, width: Self.width)
      let found = loss.terms(
        of: picture, target(kernels), weights, share: 0.25, gradient: gradient)
      #expect(abs(found[keyPath: term.term] - expected) <= 1e-5 * expected, "\(kernels)")
      let alone = loss.terms(of: picture, target(kernels), weights)
      #expect(alone == found)
      let colors = gradient.colors
      for (place, slope) in zip(places, slopes) {
        #expect(
          abs(colors[place] - slope) <= 1e-4 * largest, "number \(place), \(kernels)")
      }
    }
  }

  /// The gradient of all terms is the sum of each one's.
  @Test func gradientsAreAddedUp() {
    let kernels = KernelSet.available[0]
    let loss = loss(kernels, height: Self.height, width: Self.width)
    loss.setContent(photograph)
    let target = target(kernels)
    func gradient(_ weights: LossWeights) -> [Double] {
      let gradient = FeatureMap.picture(height: Self.height, width: Self.width)
      _ = loss.terms(of: picture, target, weights, gradient: gradient)
      return gradient.colors
    }
    var all = LossWeights()
    all.variation = 2
    var none = all
    none = none.scaled(by: 0)
    var sum = gradient(none)
    #expect(sum.allSatisfy { $0 == 0 })
    let parts: [WritableKeyPath<LossWeights, Double>] = [
      \.content, \.style, \.range, \.lattice, \.fine, \.variation,
    ]
    for part in parts {
      var weights = none
      weights[keyPath: part] = all[keyPath: part]
      let slopes = gradient(weights)
      #expect(slopes.contains { $0 != 0 })
      sum = zip(sum, slopes).map(+)
    }
    let largest = sum.reduce(0) { max($0, abs($1)) }
    for (found, expected) in zip(gradient(all), sum) {
      #expect(abs(found - expected) <= 1e-5 * largest)
    }
  }

  /// What a picture has been painted like doesn't hang on what was painted before.
  @Test func nextPictureBeginsAnew() {
    let kernels = KernelSet.available[0]
    let target = target(kernels)
    func run(_ loss: PerceptualLoss) -> (LossTerms, [Double]) {
      let gradient = FeatureMap.picture(height: Self.height, width: Self.width)
      loss.setContent(photograph)
      let terms = loss.terms(of: picture, target, LossWeights(), gradient: gradient)
      return (terms, gradient.colors)
    }
    let (fresh, used) = (
      loss(kernels, height: Self.height, width: Self.width),
      loss(kernels, height: Self.height, width: Self.width)
    )
    used.setContent(picture)
    _ = used.terms(of: photograph, target, LossWeights(), gradient: photograph.copy)
    let (expected, found) = (run(fresh), run(used))
    #expect(found.0 == expected.0 && found.1 == expected.1)
  }
}

extension FeatureMap {
  /// A picture of the same colours in memory of its own.
  fileprivate var copy: FeatureMap { .picture(colors, height: height, width: width) }
}

/// A painting's Gram matrices.
@Suite struct StyleTargetTests {
  private func target(_ plain: PlainLoss, _ painting: FeatureMap, _ kernels: KernelSet) throws
    -> StyleTarget
  {
    PerceptualLoss(
      try LossNetwork(plain.file), taps: LossTaps(), height: painting.height,
      width: painting.width, leadsBack: false, pool: WorkerPool(workers: 2), kernels: kernels
    ).target(of: painting)
  }

  private func expect(_ found: StyleTarget, _ expected: [[[Double]]]) {
    #expect(found.grams.map(\.count) == expected.map(\.count))
    for (found, expected) in zip(found.grams.joined(), expected.joined()) {
      #expect(found.count == expected.count)
      let largest = expected.reduce(0) { max($0, abs($1)) }
      #expect(largest > 0)
      for (found, expected) in zip(found, expected) {
        #expect(abs(found - expected) <= 2e-5 * largest)
      }
    }
  }

  /// As many scales as have four pixels on a side.
  @Test(arguments: [(16, 20, 3), (17, 23, 3), (8, 9, 2), (15, 40, 2), (4, 30, 1)])
  func isThePaintingsGramMatrices(_ height: Int, _ width: Int, _ scales: Int) throws {
    let plain = PlainLoss()
    let painting = FeatureMap.picture(height: height, width: width, in: 0...255)
    let expected = plain.grams(painting.colors, height, width)
    #expect(expected.count == scales)
    for kernels in KernelSet.available {
      expect(try target(plain, painting, kernels), expected)
    }
  }

  /// VGG-19's 64 channels read blue, green and red less their means, and conv3_4 is the last.
  @Test func vggReadsBlueFirst() throws {
    var plain = PlainLoss(channels: [64, 5, 4, 4, 4, 4, 4, 5])
    plain.mean = [103.939, 116.779, 123.68]
    plain.deviation = 1
    plain.order = [2, 1, 0]
    let painting = FeatureMap.picture(height: 16, width: 16, in: 0...255)
    let expected = plain.grams(painting.colors, 16, 16)
    #expect(expected[1][3].count == 25)
    expect(try target(plain, painting, KernelSet.available[0]), expected)
  }
}
