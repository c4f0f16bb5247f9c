import SystemPackage
import TestSupport
import WeightFiles

/// A loss network of a few random weights.
enum TinyLossNetwork {
  static let file: WeightFile = {
    var samples = Samples(seed: 21)
    var tensors: [String: StoredTensor] = [:]
    var channels = 3
    for layer in ["1_1", "1_2", "2_1", "2_2", "3_1", "3_2"] {
      let outputs = 6
      let spread = 2 / Float(9 * channels).squareRoot()
      tensors["conv\(layer).weight"] = StoredTensor(
        shape: [outputs, channels, 3, 3],
        values: (0..<outputs * channels * 9).map { _ in samples.next(in: -spread...spread) })
      tensors["conv\(layer).bias"] = StoredTensor(
        shape: [outputs], values: (0..<outputs).map { _ in samples.next(in: -0.2...0.4) })
      channels = outputs
    }
    return WeightFile(tensors: tensors)
  }()
}
