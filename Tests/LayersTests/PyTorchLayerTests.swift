import Foundation
import StyleModels
import SystemPackage
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import Layers

/// Single layers of every kind against PyTorch's, computed in float64: `Fixtures/make_layers.py`.
@Suite struct PyTorchLayerTests {
  /// A case as the fixture describes it.
  struct Described: Decodable, Sendable, CustomTestStringConvertible {
    struct Padding: Decodable, Sendable {
      let kind: String
      let top, left, bottom, right: Int
    }

    let name, resampling: String
    let inputs, outputs, kernel, stride, height, width: Int
    let transposed: Bool
    let padding: Padding

    var testDescription: String { name }
  }

  static let file = Result {
    try WeightFile(
      contentsOf: FilePath(#filePath).removingLastComponent().appending("Fixtures")
        .appending("layers.safetensors"))
  }

  static let cases: [Described] = {
    guard let list = try? file.get().metadata["cases"] else { return [] }
    return (try? JSONDecoder().decode([Described].self, from: Data(list.utf8))) ?? []
  }()

  @Test func fixtureHasEveryKind() {
    #expect(Self.cases.count == 46)
  }

  @Test(arguments: cases)
  func agreesWithPyTorch(_ described: Described) throws {
    let file = try Self.file.get()
    func values(_ tensor: String) throws -> [Float] {
      try #require(file.tensors["\(described.name)/\(tensor)"]).values
    }
    let input = try values("input")
    let pixels = described.height * described.width
    let shape = LayerCase(
      inputs: described.inputs, outputs: described.outputs, kernel: described.kernel,
      stride: described.stride, isTransposed: described.transposed,
      resampling: try #require(LayerDescription.Resampling(named: described.resampling)),
      padding: .init(
        try #require(LayerDescription.Padding.Kind(rawValue: described.padding.kind)),
        top: described.padding.top, left: described.padding.left,
        bottom: described.padding.bottom, right: described.padding.right),
      readsPicture: described.name.hasPrefix("picture"), height: described.height,
      width: described.width,
      values: .init(
        weights: try values("weight"), bias: try values("bias"),
        planes: (0..<described.inputs).map { Array(input[$0 * pixels..<($0 + 1) * pixels]) }))
    let expected = try values("output")
    let largest = expected.map(abs).max() ?? 0
    let exact = shape.naive().flatMap { $0.map { Float($0) } }
    #expect(largestDifference(exact, expected) <= 1e-6 * largest, "the definition in Double")
    for kernels in KernelSet.available {
      let found = shape.planes(of: shape.run(kernels).map).flatMap { $0 }
      #expect(largestDifference(found, expected) <= 5e-6 * largest, "\(kernels)")
    }
  }
}

extension LayerDescription.Resampling {
  init?(named name: String) {
    switch name {
    case "none": self = .none
    case "nearest": self = .nearest
    case "maximum": self = .maximum
    default: return nil
    }
  }
}
