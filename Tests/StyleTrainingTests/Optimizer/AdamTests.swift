import Foundation
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

@Suite struct AdamTests {
  private static func tensors() -> [TrainedTensor] {
    var samples = Samples(seed: 61)
    return [
      TrainedTensor("a", shape: [5], samples.array(5)),
      TrainedTensor("b", shape: [2, 3], samples.array(6)),
    ]
  }

  /// The paper's algorithm 1 in Double, the gradient brought to a length of 5 beforehand: some steps
  /// with longer ones and some with shorter ones.
  @Test func stepsAreThoseOfTheFormula() {
    var (adam, tensors) = (Adam(), Self.tensors())
    var values = tensors.flatMap { $0.values.map(Double.init) }
    var (mean, square) = (values.map { _ in 0.0 }, values.map { _ in 0.0 })
    var samples = Samples(seed: 62)
    for (step, size) in [Float(1), 40, 0.01, 1e4, 1e-6, 3].enumerated() {
      for index in tensors.indices {
        tensors[index].gradient = samples.array(tensors[index].values.count).map { size * $0 }
      }
      let gradient = tensors.flatMap { $0.gradient.map(Double.init) }
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let found = Adam.gradientNorm(of: tensors)
      #expect(abs(found - length) <= 1e-12 * length)
      let rate = 0.01 / Double(step + 1)
      adam.step(&tensors, rate: rate, gradientNorm: found, pool: WorkerPool(workers: 2))
      for index in values.indices {
        let slope = gradient[index] * min(1, 5 / length)
        mean[index] = 0.9 * mean[index] + 0.1 * slope
        square[index] = 0.99 * square[index] + 0.01 * slope * slope
        let unbiased = (
          mean[index] / (1 - pow(0.9, Double(step + 1))),
          square[index] / (1 - pow(0.99, Double(step + 1)))
        )
        values[index] -= rate * unbiased.0 / (unbiased.1.squareRoot() + 1e-8)
      }
      #expect(
        largestDifference(tensors.flatMap(\.values), values.map { Float($0) }) <= 5e-7,
        "step \(step + 1)")
      #expect(
        largestDifference(tensors.flatMap(\.mean), mean.map { Float($0) }) <= 5e-7)
    }
    #expect(adam.steps == 6)
  }

  /// A number whose gradient is 0 stays as it is, whatever the others do.
  @Test func numbersWithoutAGradientStay() {
    var (adam, tensors) = (Adam(), Self.tensors())
    let before = tensors[0].values
    tensors[1].gradient = [Float](repeating: 1e6, count: 6)
    adam.step(
      &tensors, rate: 0.1, gradientNorm: Adam.gradientNorm(of: tensors),
      pool: WorkerPool(workers: 1))
    #expect(tensors[0].values == before)
    #expect(zip(tensors[1].values, Self.tensors()[1].values).allSatisfy { $0 != $1 })
  }

  @Test(arguments: [Float.nan, .infinity])
  func lengthIsNotFiniteWhereAGradientIsNot(_ value: Float) {
    var tensors = Self.tensors()
    #expect(Adam.gradientNorm(of: tensors) == 0)
    tensors[1].gradient[4] = value
    #expect(!Adam.gradientNorm(of: tensors).isFinite)
  }
}
