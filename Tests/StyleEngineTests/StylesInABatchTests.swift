import StyleModels
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import Layers
@testable import StyleEngine

/// One prepared set of convolutions serves many styles, several of them in one batch.
@Suite(.deadline(minutes: 5)) struct StylesInABatchTests {
  private let network: StyleNetwork

  init() throws {
    network = StyleNetwork(
      try randomStyle(NetworkDescription(width: 4, residualBlocks: 1), statistics: true),
      kernels: KernelSet.available[0])
  }

  /// The network's own numbers, changed by a seed.
  private func style(_ seed: UInt64) -> StyleParameters {
    var random = Samples(seed: seed)
    var style = network.parameters
    for norm in style.norms.indices {
      for channel in style.norms[norm].gamma.indices {
        style.norms[norm].gamma[channel] += random.next()
        style.norms[norm].beta[channel] += random.next()
        style.norms[norm].stored?.mean[channel] += random.next()
      }
    }
    style.colorShift = style.colorShift.map { $0 + random.next() }
    return style
  }

  private static let norms: [Normalization] = [.instance, .group(.count(2)), .layer, .batch]

  /// Two styles and their mixture over one picture, in one batch and alone, to the bit.
  @Test(arguments: norms)
  func eachPictureHasItsOwnStyle(_ normalization: Normalization) throws {
    let (first, second) = (style(1), style(2))
    let styles = [first, second, .mixture([(first, 0.7), (second, 0.3)]), network.parameters]
    let pictures = styles.map { _ in PictureInMemory(randomWidth: 31, height: 22) }
    let execution = NetworkExecution(network, workers: 2)
    try execution.run(pictures.map(\.picture), styles: styles, normalization: normalization)
    let together = pictures.map(\.result)
    for (index, style) in styles.enumerated() {
      let alone = PictureInMemory(randomWidth: 31, height: 22)
      try execution.run([alone.picture], styles: [style], normalization: normalization)
      #expect(together[index] == alone.result)
    }
    for other in 1..<styles.count {
      #expect(largestDifference(together[0], together[other]) > 0.1)
    }
    // Without a style a picture has the network's own, also after another.
    #expect(try pictures[0].repainted(by: execution, normalization) == together[3])
  }

  /// A style given as a parameter is the network that has its numbers.
  @Test func aParameterIsTheNetworkOfThatStyle() throws {
    let model = try randomStyle(NetworkDescription(width: 4, residualBlocks: 1), statistics: true)
    let style = style(3)
    var weights = model.weights
    let norms = model.description.layers.compactMap(\.norm)
    for (norm, numbers) in zip(norms, style.norms) {
      weights["\(norm).gamma"]?.values = numbers.gamma
      weights["\(norm).beta"]?.values = numbers.beta
      weights["\(norm).mean"]?.values = try #require(numbers.stored?.mean)
    }
    weights["deconv3.bias"]?.values = style.colorShift
    let other = StyleNetwork(
      try model.changed(model.description, weights), kernels: KernelSet.available[0])
    #expect(other.parameters == style)
    for normalization in Self.norms {
      let picture = PictureInMemory(randomWidth: 31, height: 22)
      let expected = try picture.repainted(
        by: NetworkExecution(other, workers: 1), normalization)
      try NetworkExecution(network, workers: 1).run(
        [picture.picture], styles: [style], normalization: normalization)
      #expect(picture.result == expected)
    }
  }

  /// `matrix · W` and the shift in place of the bias.
  @Test func theColourMatrixIsTheLastConvolutions() throws {
    let model = try randomStyle(NetworkDescription(width: 4, residualBlocks: 1), statistics: true)
    let matrix: [Float] = [0.5, -0.25, 0.125, 0.75, 1, -0.5, 0.25, 0.5, 2]
    let shift: [Float] = [3, -4, 5]
    var weights = model.weights
    let last = try #require(weights["deconv3.weight"])
    let taps = last.values.count / 3
    weights["deconv3.weight"]?.values = (0..<3).flatMap { output in
      (0..<taps).map { tap in
        (0..<3).reduce(Float(0)) { $0 + matrix[3 * output + $1] * last.values[$1 * taps + tap] }
      }
    }
    weights["deconv3.bias"]?.values = shift
    let picture = PictureInMemory(randomWidth: 23, height: 18)
    let expected = try picture.repainted(
      by: NetworkExecution(
        StyleNetwork(
          model.changed(model.description, weights), kernels: KernelSet.available[0]), workers: 1))
    var style = network.parameters
    (style.colorMatrix, style.colorShift) = (matrix, shift)
    try NetworkExecution(network, workers: 1).run(
      [picture.picture], styles: [style], normalization: .instance)
    let largest = expected.map(abs).max() ?? 0
    #expect(largestDifference(picture.result, expected) <= 1e-5 * largest)
  }

  /// Batch norm wants every picture's style to have statistics.
  @Test func aStyleWithoutStatisticsIsRefused() throws {
    var without = style(4)
    without.norms[1].stored = nil
    let pictures = [0, 1].map { PictureInMemory(randomWidth: 9, height: 9, seed: $0) }
    #expect(throws: StyleNetworkError.noStoredStatistics(style: "random")) {
      try NetworkExecution(network, workers: 1).run(
        pictures.map(\.picture), styles: [style(4), without], normalization: .batch)
    }
  }
}
