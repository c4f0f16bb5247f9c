import StyleModels
import SystemPackage
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import StyleTraining

/// Whole steps against PyTorch's, computed in float64: `Fixtures/make_step.py`.
@Suite struct PyTorchStepTests {
  private static let fixture = Result {
    try WeightFile(
      contentsOf: FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/step.safetensors"))
  }

  private let tensors: [String: StoredTensor]
  private let loss: LossNetwork

  init() throws {
    tensors = try Self.fixture.get().tensors
    loss = try LossNetwork(
      WeightFile(
        tensors: Dictionary(
          uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix("loss.") }.map {
            (String($0.key.dropFirst(5)), $0.value)
          })))
  }

  private func values(_ name: String) throws -> [Float] {
    try #require(tensors[name]?.values, "\(name)")
  }

  /// A picture of planes, the `index`th of several.
  private func picture(_ name: String, _ index: Int = 0) throws -> FeatureMap {
    let tensor = try #require(tensors[name])
    let (height, width) = (
      tensor.shape[tensor.shape.count - 2], tensor.shape[tensor.shape.count - 1]
    )
    let map = FeatureMap.pixels(height: height, width: width)
    map.setPixels { y, x in
      func sample(_ channel: Int) -> Float {
        tensor.values[((index * 3 + channel) * height + y) * width + x]
      }
      return Pixel(sample(0), sample(1), sample(2), 0)
    }
    return map
  }

  private func trained(_ norm: Norm) throws -> TrainedNetwork {
    var description = NetworkDescription(width: 4, residualBlocks: 1, norm: norm, groups: 2)
    description.inputRange = (-117.0 / 60)...(138.0 / 60)
    let parameters = StyleParameters(
      norms: try description.layers.compactMap(\.norm).map {
        try .init(gamma: values("gamma.\($0)"), beta: values("beta.\($0)"))
      }, colorMatrix: try values("matrix").map { $0 / 60 },
      colorShift: try values("shift").map { (100 * $0 - 117) / 60 })
    return TrainedNetwork(
      description, styles: [("s", parameters)],
      weights: try description.layers.map { try values("conv.\($0.name)") }, trainsWeights: true)
  }

  /// The fixture's name of a trained tensor.
  private func name(of tensor: TrainedTensor) -> String {
    let name = tensor.name.hasPrefix("s/") ? String(tensor.name.dropFirst(2)) : tensor.name
    for (suffix, prefix) in [(".gamma", "gamma."), (".beta", "beta."), (".weight", "conv.")]
    where name.hasSuffix(suffix) {
      return prefix + name.dropLast(suffix.count)
    }
    return name == "color.matrix" ? "matrix" : "shift"
  }

  /// The largest difference, against the root mean square of what is expected.
  private func difference(_ found: [Float], _ expected: [Float]) -> Float {
    #expect(found.count == expected.count)
    let square = expected.reduce(0) { $0 + $1 * $1 } / Float(expected.count)
    return largestDifference(found, expected) / square.squareRoot()
  }

  @Test(
    arguments: [
      (Norm.instance, "instance"), (.group, "group"), (.layer, "layer"), (.batch, "batch"),
    ], KernelSet.available)
  func twoStepsAgree(_ norm: (norm: Norm, name: String), _ kernels: KernelSet) throws {
    let pool = WorkerPool(workers: 2)
    var trained = try trained(norm.norm)
    let crops = [try picture("crops", 0), try picture("crops", 1)]
    let painting = try picture("painting")
    var weights = LossWeights()
    weights.variation = 3
    let target = PerceptualLoss(
      loss, taps: LossTaps(), height: painting.height, width: painting.width, pool: pool,
      kernels: kernels
    ).target(of: painting)
    let step = TrainingStep(
      trained, loss: loss, taps: LossTaps(), targets: [target], weights: [weights], batch: 2,
      side: 32, pool: pool, kernels: kernels)
    let result = step.run(&trained, crops: crops)
    let terms = result.terms.flatMap {
      [$0.content, $0.style, $0.range, $0.lattice, $0.fine, $0.variation].map { Float($0) }
    }
    for (found, expected) in zip(terms, try values("\(norm.name)/terms")) {
      #expect(abs(found - expected) <= 2e-5 * expected)
    }
    #expect(abs(Float(result.total) - (try values("\(norm.name)/total")[0])) <= 1e-4)
    for tensor in trained.tensors {
      guard let expected = tensors["\(norm.name)/gradient.\(name(of: tensor))"] else { continue }
      let isIdle = expected.values.allSatisfy { abs($0) < 1e-6 }
      if isIdle {
        #expect(tensor.gradient.allSatisfy { abs($0) < 1e-4 }, "\(tensor.name)")
      } else {
        #expect(difference(tensor.gradient, expected.values) <= 1e-3, "\(tensor.name)")
      }
    }
    let length = try values("\(norm.name)/gradient.norm")[0]
    #expect(abs(Float(result.gradientNorm) - length) <= 1e-4 * length)
    if norm.norm == .batch {
      for (index, name) in trained.description.layers.compactMap(\.norm).enumerated() {
        let running = trained.running[0][index]
        #expect(difference(running.mean, try values("batch/running.mean.\(name)")) <= 1e-4)
        #expect(difference(running.variance, try values("batch/running.variance.\(name)")) <= 1e-4)
      }
    }
    var adam = Adam()
    for after in ["after", "after2"] {
      let again = after == "after" ? result : step.run(&trained, crops: crops)
      adam.step(&trained.tensors, rate: 0.01, gradientNorm: again.gradientNorm, pool: pool)
      step.update(trained)
      for tensor in trained.tensors {
        guard let expected = tensors["\(norm.name)/\(after).\(name(of: tensor))"] else { continue }
        // A step is 0.01.
        #expect(
          largestDifference(tensor.values, expected.values) <= 2e-4, "\(after) \(tensor.name)")
      }
    }
  }
}
