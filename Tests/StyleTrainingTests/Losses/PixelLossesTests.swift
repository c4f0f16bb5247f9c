import Glibc
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

/// The losses' values by their definitions, in Double, and their gradients by central differences of
/// those.
@Suite struct PixelLossesTests {
  static let sizes = [(1, 1), (1, 6), (7, 1), (2, 2), (5, 4), (9, 13)]

  @Test(arguments: sizes)
  func rangeAgreesWithTheDefinition(_ height: Int, _ width: Int) {
    expectLoss(height, width, value: PixelLosses.range) { PlainLoss.range($0) }
  }

  @Test(arguments: sizes)
  func variationAgreesWithTheDefinition(_ height: Int, _ width: Int) {
    expectLoss(height, width, value: PixelLosses.variation) {
      PlainLoss.variation($0, height, width)
    }
  }

  /// Black and white are within the range.
  @Test func edgesOfTheRangeCostNothing() {
    let picture = FeatureMap.picture(
      (0..<48).map { $0 % 2 == 0 ? 0 : 255 }, height: 4, width: 4)
    let gradient = FeatureMap.picture([Double](repeating: 0, count: 48), height: 4, width: 4)
    #expect(PixelLosses.range(picture, weight: 1, gradient) == 0)
    #expect(gradient.colors.allSatisfy { $0 == 0 })
  }

  /// Each term takes its own weight's share of the gradient.
  @Test func termsAreAddedUpByTheirWeights() {
    let picture = FeatureMap.picture(height: 9, width: 13)
    let losses = PixelLosses(height: 9, width: 13)
    func zeros() -> FeatureMap {
      .picture([Double](repeating: 0, count: 9 * 13 * 3), height: 9, width: 13)
    }
    var weights = LossWeights()
    (weights.range, weights.lattice, weights.fine, weights.variation) = (2, 300, 40, 5)
    let together = zeros()
    let terms = losses.terms(of: picture, weights, gradient: together)
    let apart = zeros()
    #expect(terms.range == PixelLosses.range(picture, weight: 2, apart))
    #expect(terms.variation == PixelLosses.variation(picture, weight: 5, apart))
    #expect(
      terms.fine == FineLoss(height: 9, width: 13).value(picture, weight: 40, apart))
    #expect(
      terms.lattice == LatticeLoss(height: 9, width: 13).value(picture, weight: 300, apart))
    #expect(terms.content == 0 && terms.style == 0)
    #expect(together.colors == apart.colors)
    #expect(terms == losses.terms(of: picture, weights, gradient: nil))
  }
}

@Suite struct LatticeLossTests {
  /// Sides of whole periods and others, shorter than the mean reaches and longer.
  static let sizes = [(4, 4), (5, 7), (4, 17), (8, 12), (13, 14)]

  @Test(arguments: sizes)
  func agreesWithTheDefinition(_ height: Int, _ width: Int) {
    expectLoss(height, width, value: LatticeLoss(height: height, width: width).value) {
      PlainLoss.lattice($0, height, width)
    }
  }

  /// A picture without a whole block has no pattern.
  @Test(arguments: [(1, 1), (3, 9), (9, 3)])
  func noBlockCostsNothing(_ height: Int, _ width: Int) {
    let picture = FeatureMap.picture(height: height, width: width)
    let zeros = [Double](repeating: 0, count: height * width * 3)
    let gradient = FeatureMap.picture(zeros, height: height, width: width)
    let loss = LatticeLoss(height: height, width: width).value(picture, weight: 1, gradient)
    #expect(loss == 0 && gradient.colors == zeros)
  }

  /// The pattern that is looked for costs its square, one that repeats every three pixels next to
  /// nothing, one colour nothing.
  @Test func patternsOfFourPixelsCost() {
    func cost(_ pattern: (Int, Int) -> Double) -> Double {
      let colors = (0..<96 * 96 * 3).map { pattern($0 / 3 / 96, $0 / 3 % 96) }
      return LatticeLoss(height: 96, width: 96)
        .value(.picture(colors, height: 96, width: 96), weight: 1, nil)
    }
    let level = 10 / 255.0
    let four = cost { y, x in 128 + (y % 4 == 1 && x % 4 == 2 ? 10 : 0) }
    let three = cost { y, x in 128 + (y % 3 == 1 && x % 3 == 2 ? 10 : 0) }
    #expect(four > 0.8 * level * level / 16 && four < level * level / 16)
    #expect(three < 1e-3 * four)
    #expect(cost { _, _ in 201 } < 1e-10)
  }
}

@Suite struct FineLossTests {
  /// Sides shorter than the low pass reaches and longer.
  @Test(arguments: PixelLossesTests.sizes.dropFirst() + [(4, 17), (13, 14)])
  func agreesWithTheDefinition(_ height: Int, _ width: Int) {
    expectLoss(height, width, value: FineLoss(height: height, width: width).value) {
      PlainLoss.fine($0, height, width)
    }
  }

  /// Stripes of two to four pixels cost their square, those of eight little, one colour nothing.
  @Test func whatIsFineCosts() {
    func cost(_ period: Double) -> Double {
      let colors = (0..<96 * 96 * 3).map { index in
        let x = Double(index / 3 % 96)
        return 128 + 10 * cos(2 * Double.pi * x / period + 0.7)
      }
      return FineLoss(height: 96, width: 96)
        .value(.picture(colors, height: 96, width: 96), weight: 1, nil)
    }
    let square = 50 / (255.0 * 255)
    #expect(abs(cost(2.5) - square) < 0.03 * square)
    #expect(abs(cost(3) - square) < 0.1 * square)
    #expect(cost(8) < 0.03 * square)
    #expect(cost(1e9) < 1e-9)
    let pixel = FeatureMap.picture(height: 1, width: 1)
    #expect(FineLoss(height: 1, width: 1).value(pixel, weight: 1, nil) < 1e-9)
  }
}

/// Expects a loss's value and its gradient, times a weight and added to what is there.
private func expectLoss(
  _ height: Int, _ width: Int,
  value: (_ picture: FeatureMap, _ weight: Double, _ gradient: FeatureMap?) -> Double,
  naive: ([Double]) -> Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  let picture = FeatureMap.picture(height: height, width: width)
  let colors = picture.colors
  let expected = naive(colors)
  #expect(
    abs(value(picture, 1, nil) - expected) <= 1e-5 * expected, sourceLocation: sourceLocation)
  let gradient = FeatureMap.picture(height: height, width: width, in: -0.1...0.1, seed: 2)
  let before = gradient.colors
  #expect(
    abs(value(picture, 3, gradient) - expected) <= 1e-5 * expected, sourceLocation: sourceLocation)
  for index in some(of: colors.count, every: 17) {
    let slope = 3 * slope(of: naive, at: colors, by: index, step: 1e-2)
    #expect(
      abs(gradient.colors[index] - before[index] - slope) <= 1e-5 * abs(slope) + 2e-8,
      "number \(index)", sourceLocation: sourceLocation)
  }
  // The fourth lane is nobody's.
  for y in 0..<height {
    #expect(
      (0..<width).allSatisfy { gradient.pixelRow(y)[$0].w == 0 }, sourceLocation: sourceLocation)
  }
}
