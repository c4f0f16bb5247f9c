import Testing

@testable import StyleModels

@Suite struct ConvolutionDescriptionTests {
  private let published = NetworkDescription(width: 32).convolutions

  @Test func layersAreThePublishedOnes() {
    let rows = published.map { layer in
      "\(layer.name) \(layer.inputChannels)→\(layer.outputChannels) \(layer.kernelSize) "
        + "/\(layer.stride) ×\(layer.upsampling) \(layer.norm?.name ?? "-") "
        + (layer.norm?.followedByReLU == true ? "ReLU" : "-")
        + (layer.opensResidualBlock ? " opens" : "") + (layer.closesResidualBlock ? " closes" : "")
    }
    let blocks = (1...5).flatMap { block in
      [
        "res\(block).conv1 128→128 3 /1 ×1 res\(block).in1 ReLU opens",
        "res\(block).conv2 128→128 3 /1 ×1 res\(block).in2 - closes",
      ]
    }
    #expect(
      rows == [
        "conv1 3→32 9 /1 ×1 in1 ReLU", "conv2 32→64 3 /2 ×1 in2 ReLU",
        "conv3 64→128 3 /2 ×1 in3 ReLU",
      ] + blocks + [
        "deconv1 128→64 3 /1 ×2 in4 ReLU", "deconv2 64→32 3 /1 ×2 in5 ReLU",
        "deconv3 32→3 9 /1 ×1 - -",
      ])
    #expect(
      published.compactMap(\.norm).map(\.channels) == [32, 64] + .init(repeating: 128, count: 11)
        + [64, 32])
  }

  @Test func parametersAreAsManyAsPublished() {
    let tensors = NetworkDescription(width: 32).tensors(withStatistics: false)
    #expect(tensors.map { $0.shape.reduce(1, *) }.reduce(0, +) == 1_679_235)
    #expect(tensors.count == 62)
  }

  @Test func aPixelTakesAsManyMultiplicationsAsPublished() {
    // Per pixel of the picture, in sixteenths: a layer runs at its output's resolution.
    var side = 4
    var sum = 0
    for layer in published {
      side = side * layer.upsampling / layer.stride
      sum += layer.weightShape.reduce(1, *) * side * side
    }
    #expect(sum == 153_792 * 16)
  }

  @Test func blocksCanBeLeftOut() {
    let layers = NetworkDescription(width: 1, residualBlocks: 0).convolutions
    #expect(layers.map(\.name) == ["conv1", "conv2", "conv3", "deconv1", "deconv2", "deconv3"])
  }

  @Test func tensorsAreNamedInOrder() {
    let names = small.tensors(withStatistics: true).map(\.name)
    #expect(
      names.prefix(6)
        == ["conv1.weight", "conv1.bias", "in1.gamma", "in1.beta", "in1.mean", "in1.variance"])
    #expect(names.suffix(3) == ["in5.variance", "deconv3.weight", "deconv3.bias"])
  }
}
