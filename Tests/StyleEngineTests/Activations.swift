import StyleModels
import SystemPackage
import Testing
import WeightFiles

@testable import Layers
@testable import StyleEngine

/// What PyTorch computes after every layer of a small network, in float64;
/// `Fixtures/make_fixtures.py` says how.
struct Activations {
  private let file: WeightFile
  /// The network, its weights and stored statistics.
  let model: StyleModel
  let pictures: [PictureInMemory]

  init() throws {
    let path = FilePath(#filePath).removingLastComponent()
      .appending("Fixtures").appending("activations.safetensors")
    let file = try WeightFile(contentsOf: path)
    let prefix = "weights/"
    var weights: [String: StoredTensor] = [:]
    for (name, tensor) in file.tensors where name.hasPrefix(prefix) {
      weights[String(name.dropFirst(prefix.count))] = tensor
    }
    self.file = file
    model = try StyleModel(
      name: "fixture", description: NetworkDescription(width: 4), licence: "CC0-1.0",
      training: "none: random weights", weights: weights)
    pictures = try ["pictures/0", "pictures/1"].map { name in
      let tensor = try #require(file.tensors[name])
      return PictureInMemory(
        width: tensor.shape[1], height: tensor.shape[0], samples: tensor.values)
    }
  }

  /// Every norm by its name in the fixture.
  static let norms: [(name: String, normalization: Normalization)] = [
    ("instance", .instance), ("group", .group(.count(2))), ("layer", .layer), ("batch", .batch),
    ("batch-live", .batchLive),
  ]

  /// A convolution's output before the norm, `[C, H, W]`.
  func output(of layer: String, norm: String, picture: Int) throws -> StoredTensor {
    try #require(file.tensors["\(norm)/\(picture)/\(layer)"])
  }
}
