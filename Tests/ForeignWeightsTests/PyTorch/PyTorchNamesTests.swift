import StyleModels
import TestSupport
import Testing

@testable import ForeignWeights

/// Names and shapes alone: no numbers are needed to tell what network they are of.
@Suite struct PyTorchNamesTests {
  private typealias Shapes = PublishedNetwork.Shapes

  private func names(
    _ shapes: Shapes, isOrdered: Bool = true, norm: Norm = .instance
  ) throws(ForeignWeightsError) -> PyTorchNames {
    try PyTorchNames(shapes, isOrdered: isOrdered, norm: norm)
  }

  private func findings(_ shapes: Shapes, isOrdered: Bool = true) -> NetworkFindings? {
    do throws(ForeignWeightsError) {
      _ = try names(shapes, isOrdered: isOrdered)
    } catch {
      if case .notThePublishedNetwork(let findings) = error { return findings }
    }
    return nil
  }

  /// The published network's tensors in other repositories' names.
  private func renamed(
    width: Int = 2, blocks: Int = 5, _ name: (String) -> String
  ) -> Shapes {
    PublishedNetwork.shapes(width: width, blocks: blocks).map { (name($0.name), $0.shape) }
  }

  /// Layers as a Sequential of blocks has them: `0.0.weight`, …
  private func numbered(width: Int = 2) -> Shapes {
    let published = PublishedNetwork.shapes(width: width)
    return published.enumerated().map { index, tensor in
      ("\(index / 4).\(index / 2 % 2).\(index.isMultiple(of: 2) ? "weight" : "bias")", tensor.shape)
    }
  }

  /// A name's parts are gone through once.
  @Test(.deadline(minutes: 2)) func aNameOfManyParts() {
    let name = String(repeating: "a.", count: 200_000) + "w"
    #expect(findings([(name, [2])]) != nil)
  }

  @Test(arguments: [0, 1, 5, 12, 64]) func residualBlocksAreCounted(blocks: Int) throws {
    let found = try names(PublishedNetwork.shapes(width: 3, blocks: blocks), isOrdered: false)
    #expect(found.network == FastNeuralStyle(width: 3, residualBlocks: blocks))
    #expect(found.sources.count == 22 + 8 * blocks)
  }

  @Test func wellKnownNamesNeedNoOrder() throws {
    for layer in ["conv.", ""] {
      let shapes = renamed { name in
        name.replacing("conv2d.", with: layer).replacing("deconv", with: "up")
      }
      let found = try names(shapes.reversed(), isOrdered: false)
      #expect(found.network == FastNeuralStyle(width: 2))
      #expect(found.sources["deconv1.bias"] == "up1.\(layer)bias")
      #expect(found.sources["res3.in2.gamma"] == "res3.in2.weight")
    }
  }

  @Test(arguments: [true, false]) func numbersTellTheOrder(isOrdered: Bool) throws {
    for width in 1...4 {
      let shapes = numbered(width: width)
      // By the alphabet 10 is before 2.
      let given = isOrdered ? shapes : shapes.sorted { $0.name < $1.name }
      let found = try names(given, isOrdered: isOrdered)
      #expect(found.network == FastNeuralStyle(width: width))
      let expected = NetworkDescription(width: width).tensors().map(\.name)
      #expect(expected.map { found.sources[$0] } == shapes.map(\.name))
    }
  }

  @Test func numbersAgainstTheFilesOrderAreRefused() {
    var shapes = numbered()
    // The convolutions of two blocks change places.
    shapes.swapAt(12, 20)
    shapes.swapAt(13, 21)
    #expect(
      findings(shapes)?.differences == [
        .outOfOrder("5.0", before: "4.0"), .outOfOrder("4.0", before: "3.0"),
      ])
  }

  @Test func layersThatCouldChangePlacesAreRefused() throws {
    let blocks = ["a", "b", "c", "d", "e"]
    let shapes = renamed { name in
      guard name.hasPrefix("res"), let number = Int(name.dropFirst(3).prefix(1)) else {
        return name.replacing("conv2d", with: "layer").replacing("in", with: "norm")
      }
      return "middle.\(blocks[number - 1])" + name.dropFirst(4).replacing("conv2d", with: "layer")
    }
    #expect(try names(shapes).network == FastNeuralStyle(width: 2))
    let unordered = try #require(findings(shapes, isOrdered: false))
    #expect(
      unordered.differences.contains(.ambiguous("middle.a.conv2.layer", "middle.b.conv1.layer")))
  }

  @Test func prefixesThatAllShareAreRemoved() throws {
    let found = try names(renamed { "module.model.\($0)" })
    #expect(found.notes == [.removedPrefix("module.model.")])
    #expect(found.sources["in1.gamma"] == "module.model.in1.weight")
  }

  /// rrmina's network enlarges by transposed convolutions.
  @Test func transposedConvolutionsAreNamed() throws {
    let shapes = numbered().map { name, shape in
      let isEnlargement = shape.count == 4 && shape[0] < shape[1] && shape[0] > 1 && shape[2] == 3
      return (name: name, shape: isEnlargement ? [shape[1], shape[0], 3, 3] : shape)
    }
    let found = try #require(findings(shapes))
    #expect((found.convolutions, found.norms) == (16, 15))
    #expect((found.width, found.residualBlocks) == (2, 5))
    #expect(
      found.differences == [
        .transposed("13.0.weight", found: [8, 4, 3, 3]),
        .transposed("14.0.weight", found: [4, 2, 3, 3]),
      ])
    #expect(
      found.description == """
        not the published network. Recognized: 16 convolutions, 15 norms, width 2, 5 residual blocks. \
        Not so:
        13.0.weight: a transposed convolution [8, 4, 3, 3], which isn't supported
        14.0.weight: a transposed convolution [4, 2, 3, 3], which isn't supported
        """)
  }

  @Test func everythingElseIsNamed() {
    var shapes = numbered()
    shapes[5].shape = [5]
    shapes[60].shape = [3, 2, 5, 5]
    shapes.removeAll { $0.name == "3.0.bias" }
    shapes.append(("total_ops", [1]))
    #expect(
      findings(shapes)?.differences == [
        .unknown("total_ops", found: [1]),
        .misshaped("1.0.bias", expected: [4], found: [5]),
        .missing("3.0.bias", expected: [8]),
        .misshaped("15.0.weight", expected: [3, 2, 9, 9], found: [3, 2, 5, 5]),
      ])
    let withoutNorms = numbered().filter { !$0.name.contains(".1.") }
    #expect(findings(withoutNorms)?.differences == [.normCount(0, expected: 15)])
    #expect(findings(Array(numbered().dropLast(2)))?.differences == [.convolutionCount(15)])
    let small = numbered().map { name, shape in
      (name: name, shape: shape.map { $0 == 9 ? 7 : $0 })
    }
    #expect(
      findings(small)?.differences == [.firstConvolution("0.0", found: [2, 3, 7, 7])])
    #expect(findings([])?.description.contains("Recognized: nothing") == true)
  }

  @Test func lossNetworksAndClassifiersAreNamed() {
    let vgg: Shapes = [
      ("features.0.weight", [64, 3, 3, 3]), ("features.0.bias", [64]),
      ("features.2.weight", [64, 64, 3, 3]), ("features.5.weight", [128, 64, 3, 3]),
      ("classifier.0.weight", [4096, 25088]),
    ]
    #expect(
      findings(vgg)?.description == "VGG's convolutions: a loss network, not a style")
    let classifier: Shapes = [
      ("conv1.weight", [64, 3, 7, 7]), ("fc.weight", [1000, 512]),
      ("layer1.0.conv1.weight", [64, 64, 3, 3]),
    ]
    #expect(
      findings(classifier)?.description
        == "not a style: fc.weight [1000, 512] is a fully connected layer, as classifiers have")
  }

  @Test func naturalOrder() {
    let names = ["a", "a01", "a1", "a1.b", "a2", "a10", "a10.c2", "a10.c10", "aa", "b"]
    #expect(names.reversed().sorted(by: NaturalOrder.isBefore) == names)
    for (index, name) in names.enumerated() {
      #expect(!NaturalOrder.isBefore(name, name))
      for later in names[(index + 1)...] { #expect(!NaturalOrder.isBefore(later, name)) }
    }
  }
}
