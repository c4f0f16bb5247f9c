import Tensors
import TestSupport
import Testing

@testable import Layers

@Suite struct ChannelAffineTests {
  private static let epsilon = 1e-5

  /// One channel, normalized by its own statistics as the next reader does it.
  private func normalized(
    _ samples: [Float], gamma: Float = 1.5, beta: Float = 0.25, epsilon: Double = epsilon
  ) -> [Float] {
    let moments = ChannelMoments.merged(samples.map(ChannelMoments.init(of:)))
    let affine = ChannelAffine(
      statistics: [Statistics(moments)], areMeasured: true, gamma: [gamma], beta: [beta],
      epsilon: epsilon, followedByReLU: false)
    return samples.map { affine.scale.start[0] * $0 + affine.shift.start[0] }
  }

  private let samples: [Float] = {
    var random = Samples(seed: 5)
    return random.array(200).map { 20 * $0 - 3 }
  }()

  @Test func formulaHoldsForEveryChannel() {
    var random = Samples(seed: 6)
    let count = 17
    let statistics = (0..<count).map {
      Statistics(mean: Double($0) - 8, variance: Double($0) * 0.7 + 0.01)
    }
    let (gamma, beta) = (random.array(count), random.array(count))
    let affine = ChannelAffine(
      statistics: statistics, areMeasured: true, gamma: gamma, beta: beta, epsilon: Self.epsilon,
      followedByReLU: true)
    for x: Float in [-30, 0, 0.5, 255] {
      for (channel, statistic) in statistics.enumerated() {
        let deviation = (statistic.variance + Self.epsilon).squareRoot()
        let expected =
          (Double(x) - statistic.mean) / deviation * Double(gamma[channel]) + Double(beta[channel])
        let scale = Double(affine.scale.start[channel])
        let found = scale * Double(x) + Double(affine.shift.start[channel])
        // Scale and shift are each rounded to Float once.
        let rounding = (abs(scale * Double(x)) + abs(scale * statistic.mean) + 1) * 0x1p-24
        #expect(abs(found - expected) <= rounding)
      }
    }
    #expect(affine.floor.samples == [Float](repeating: 0, count: 32))
    #expect(affine.scale.samples[count...].allSatisfy { $0 == 0 } && affine.scale.count == 32)
    #expect(affine.shift.samples[count...].allSatisfy { $0 == 0 } && affine.shift.count == 32)
  }

  @Test func withoutReLUNothingIsCutOff() {
    let affine = ChannelAffine(
      statistics: [Statistics(mean: 0, variance: 1)], areMeasured: true, gamma: [1], beta: [0],
      epsilon: Self.epsilon, followedByReLU: false)
    #expect(affine.floor.samples.allSatisfy { $0 == -.infinity })
  }

  @Test(arguments: [0, 0.1, 255, -1e10] as [Float], [1, 2, 1000])
  func channelWithoutVarianceIsExactlyBeta(_ value: Float, _ pixels: Int) {
    let found = normalized([Float](repeating: value, count: pixels), gamma: 300, beta: 0.3)
    #expect(found == [Float](repeating: 0.3, count: pixels))
  }

  /// Stored statistics say nothing of the samples at hand: a stored variance of 0 normalizes.
  @Test func storedVarianceOfZeroIsNoConstantChannel() {
    let affine = ChannelAffine(
      statistics: [Statistics(mean: 2, variance: 0)], areMeasured: false, gamma: [1], beta: [0],
      epsilon: 0.25, followedByReLU: false)
    #expect(affine.scale.start[0] == 2)
    #expect(affine.shift.start[0] == -4)
  }

  /// Up to epsilon, which a small one makes as small as rounding.
  @Test(arguments: [(2, 0), (0.5, 100), (17, -40)] as [(Float, Float)])
  func contrastAndBrightnessDoNotShow(_ a: Float, _ b: Float) {
    let changed = samples.map { a * $0 + b }
    #expect(largestDifference(normalized(changed), normalized(samples)) <= 1e-5)
  }

  @Test(arguments: [(-1, 0), (-3, 70)] as [(Float, Float)])
  func negativeContrastFlipsTheSignBeforeBeta(_ a: Float, _ b: Float) {
    let changed = normalized(samples.map { a * $0 + b }, beta: 0)
    #expect(largestDifference(changed, normalized(samples, beta: 0).map { -$0 }) <= 1e-5)
    let withBeta = normalized(samples.map { a * $0 + b }, beta: 2)
    #expect(largestDifference(withBeta, changed.map { $0 + 2 }) <= 1e-6)
  }

  @Test func deviationAndMeanGiveTheInputBack() {
    let moments = naiveMoments(samples)
    let found = normalized(
      samples, gamma: Float((moments.variance + Self.epsilon).squareRoot()),
      beta: Float(moments.mean))
    #expect(largestDifference(found, samples) <= 1e-5)
  }

  @Test func identityLeavesSamplesAlone() {
    let affine = ChannelAffine(identityOf: 17)
    #expect(affine.scale.samples == [Float](repeating: 1, count: 32))
    #expect(affine.shift.samples == [Float](repeating: 0, count: 32))
    #expect(affine.floor.samples.allSatisfy { $0 == -.infinity })
  }
}
