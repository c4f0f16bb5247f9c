import Foundation
import StyleModels
import SystemPackage
import Tensors
import Testing

@testable import StyleTraining

@Suite(.serialized) struct SpeedProbe {
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PROBE"] != nil), arguments: [false, true])
  func speed(all: Bool) throws {
    let base = try BaseModel(contentsOf: "/work/main/Models/base.safetensors")
    let style = try StyleModel(contentsOf: "/work/main/Models/great-wave.safetensors")
    let loss = try LossNetwork(
      contentsOf: "/work/shared/models/loss-network/loss-network.safetensors")
    let pool = WorkerPool(workers: 2, flushesDenormals: true)
    let kernels = try KernelSet.chosen()
    let weights = base.description.layers.map { style.convolution(of: $0).weights }
    var trained = TrainedNetwork(
      style.description, styles: [("wave", style.parameters)], weights: weights, trainsWeights: all)
    var random = SplitMix64(seed: 3)
    let crop = FeatureMap.pixels(height: 256, width: 256)
    crop.setPixels { y, x in
      Pixel(Float(y), Float(x), 128 + 80 * Float(sin(Double(x * y) / 700)), 0) + 6
        * Float.random(in: -1...1, using: &random)
    }
    let side = FeatureMap.pixels(height: 512, width: 512)
    side.setPixels { y, x in
      Pixel(
        128 + 100 * Float(sin(Double(x) / 9)), 128 + 100 * Float(cos(Double(y) / 5)), Float(x) / 2,
        0)
    }
    let judge = PerceptualLoss(
      loss, taps: LossTaps(), height: 512, width: 512, pool: pool, kernels: kernels)
    let target = judge.target(of: side)
    let step = TrainingStep(
      trained, loss: loss, taps: LossTaps(), targets: [target], weights: [LossWeights()], batch: 1,
      side: 256, pool: pool, kernels: kernels)
    var adam = Adam()
    var times: [Double] = []
    for _ in 0..<40 {
      let start = ContinuousClock.now
      let result = step.run(&trained, crops: [crop])
      let mid = ContinuousClock.now
      adam.step(&trained.tensors, rate: 1e-3, gradientNorm: result.gradientNorm)
      step.update(trained)
      times.append((ContinuousClock.now - start) / .milliseconds(1))
      if times.count % 10 == 1 {
        print(
          all, times.last!, (mid - start) / .milliseconds(1), result.total, result.terms[0],
          result.gradientNorm)
      }
    }
    print(all, "median", times.sorted()[20], "least", times.min()!)
  }
}
