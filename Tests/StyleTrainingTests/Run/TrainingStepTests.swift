import StyleModels
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

/// A step of a small network under every norm; that its numbers are right is `PyTorchStepTests`' to say.
@Suite(.deadline(minutes: 2)) struct TrainingStepTests {
  private static let side = 32
  private static let plain = PlainLoss()

  private func trained(_ norm: Norm, all: Bool = true) -> TrainedNetwork {
    let beginning = Beginning.scratch(width: 4, norm: norm, groups: 2, seed: 1)
    return TrainedNetwork(
      beginning.description,
      styles: ["a", "b"].map { (name: $0, parameters: beginning.parameters) },
      weights: beginning.weights, trainsWeights: all)
  }

  private func step(_ trained: TrainedNetwork, workers: Int, _ kernels: KernelSet) throws
    -> TrainingStep
  {
    let network = try LossNetwork(Self.plain.file)
    let pool = WorkerPool(workers: workers, flushesDenormals: true)
    let targets = [3, 4].map { seed in
      PerceptualLoss(
        network, taps: LossTaps(), height: 24, width: 28, leadsBack: false, pool: pool,
        kernels: kernels
      ).target(of: .picture(height: 24, width: 28, in: 0...255, seed: seed))
    }
    return TrainingStep(
      trained, loss: network, taps: LossTaps(), targets: targets,
      weights: [LossWeights(), LossWeights()], batch: 2, side: Self.side, pool: pool,
      kernels: kernels)
  }

  private static let norms = [Norm.instance, .group, .layer, .batch]

  /// Two steps of two styles, the second behind changed numbers.
  @Test(arguments: norms)
  func workersDoNotChangeABit(_ norm: Norm) throws {
    func run(_ workers: Int) throws -> (TrainedNetwork, [LossTerms], [Double]) {
      var trained = trained(norm)
      let step = try step(trained, workers: workers, KernelSet.available[0])
      var adam = Adam()
      var (terms, totals) = ([LossTerms](), [Double]())
      for seed: UInt64 in [10, 20] {
        let crops = (0..<4).map { index in
          FeatureMap.picture(
            height: Self.side, width: Self.side, in: 0...255, seed: seed + UInt64(index))
        }
        let result = step.run(&trained, crops: crops)
        terms += result.terms
        totals += [result.total, result.gradientNorm]
        adam.step(
          &trained.tensors, rate: 0.01, gradientNorm: result.gradientNorm,
          pool: WorkerPool(workers: workers))
        step.update(trained)
      }
      return (trained, terms, totals)
    }
    let alone = try run(1)
    #expect(alone.2.allSatisfy { $0.isFinite && $0 > 0 })
    for workers in [2, 3] {
      let together = try run(workers)
      #expect(together.1 == alone.1 && together.2 == alone.2)
      for (found, expected) in zip(together.0.tensors, alone.0.tensors) {
        #expect(found.values == expected.values && found.gradient == expected.gradient)
      }
      #expect(together.0.running == alone.0.running)
    }
  }

  /// Crops of one colour, as a flat picture gives them without noise: every norm comes upon channels
  /// without variance. All is finite, and what comes of the step, too.
  @Test(arguments: norms, [0, 117, 128, 255])
  func cropsOfOneColourDoNoHarm(_ norm: Norm, _ level: Double) throws {
    for kernels in KernelSet.available {
      var trained = trained(norm)
      let step = try step(trained, workers: 1, kernels)
      let crop = FeatureMap.picture(
        [Double](repeating: level, count: Self.side * Self.side * 3), height: Self.side,
        width: Self.side)
      let result = step.run(&trained, crops: [crop, crop, crop, crop])
      #expect(result.total.isFinite && result.gradientNorm.isFinite, "\(result), \(kernels)")
      var adam = Adam()
      adam.step(
        &trained.tensors, rate: 0.01, gradientNorm: result.gradientNorm,
        pool: WorkerPool(workers: 1))
      #expect(trained.tensors.allSatisfy { $0.values.allSatisfy { $0.isFinite } })
    }
  }

  /// Where the convolutions stay as they are, norms and colours take the same steps.
  @Test(arguments: norms)
  func gradientsOfNormsAreThoseWithOrWithoutTheConvolutions(_ norm: Norm) throws {
    let crops = (0..<4).map { index in
      FeatureMap.picture(
        height: Self.side, width: Self.side, in: 0...255, seed: 30 + UInt64(index))
    }
    var (all, norms) = (trained(norm), trained(norm, all: false))
    let kernels = KernelSet.available[0]
    _ = try step(all, workers: 2, kernels).run(&all, crops: crops)
    _ = try step(norms, workers: 2, kernels).run(&norms, crops: crops)
    for (found, expected) in zip(norms.tensors, all.tensors) {
      #expect(found.name == expected.name && found.gradient == expected.gradient)
    }
  }
}
