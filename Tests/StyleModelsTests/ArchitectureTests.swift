import Testing

@testable import StyleModels

@Suite struct ArchitectureTests {
  private let published = NetworkDescription(width: 32).layers

  @Test func layersAreThePublishedOnes() {
    let rows = published.map { layer in
      let convolution = layer.convolution
      let adds = layer.adds.map { " + \(published[$0].name)" } ?? ""
      return "\(layer.name) \(convolution.inputChannels)→\(convolution.outputChannels) "
        + "\(convolution.kernelSize) /\(convolution.stride) \(layer.resampling) "
        + "\(layer.norm ?? "-") \(layer.activation)\(adds)"
    }
    let blocks = (1...5).flatMap { block in
      [
        "res\(block).conv1 128→128 3 /1 none res\(block).in1 relu",
        "res\(block).conv2 128→128 3 /1 none res\(block).in2 identity + "
          + (block == 1 ? "conv3" : "res\(block - 1).conv2"),
      ]
    }
    #expect(
      rows == [
        "conv1 3→32 9 /1 none in1 relu", "conv2 32→64 3 /2 none in2 relu",
        "conv3 64→128 3 /2 none in3 relu",
      ] + blocks + [
        "deconv1 128→64 3 /1 nearest in4 relu", "deconv2 64→32 3 /1 nearest in5 relu",
        "deconv3 32→3 9 /1 none - identity",
      ])
    let inputs = published.indices.map {
      $0 == 0 ? LayerDescription.Input.picture : .output(of: $0 - 1)
    }
    #expect(published.map(\.input) == inputs)
    for layer in published {
      #expect(layer.padding == .init(.reflection, layer.convolution.kernelSize / 2))
      #expect(layer.convolution.hasBias && !layer.convolution.isTransposed)
    }
  }

  /// What a file says of padding stands in every layer.
  @Test(arguments: LayerDescription.Padding.Kind.allCases)
  func paddingIsEveryLayers(_ kind: LayerDescription.Padding.Kind) {
    let layers = Architecture.fastNeuralStyle(FastNeuralStyle(width: 4, padding: kind)).layers
    #expect(layers.allSatisfy { $0.padding.kind == kind })
  }

  @Test func parametersAreAsManyAsPublished() {
    let tensors = NetworkDescription(width: 32).tensors(withStatistics: false)
    let counts: [Int] = tensors.map { $0.shape.reduce(1, *) }
    #expect(counts.reduce(0, +) == 1_679_235)
    #expect(tensors.count == 62)
  }

  @Test func aPixelTakesAsManyMultiplicationsAsPublished() {
    // Per pixel of the picture, in sixteenths: a layer runs at its output's resolution.
    var side = 4
    var sum = 0
    for layer in published {
      side = side * (layer.resampling == .nearest ? 2 : 1) / layer.convolution.stride
      sum += layer.convolution.weightCount * side * side
    }
    #expect(sum == 153_792 * 16)
  }

  @Test func blocksCanBeLeftOut() {
    let layers = NetworkDescription(width: 1, residualBlocks: 0).layers
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
