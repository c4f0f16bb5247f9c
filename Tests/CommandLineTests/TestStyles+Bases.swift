import Crypto
import WeightFiles

/// Bases of random weights, and styles on them.
extension TestStyles {
  static let bases = ["canvas": base("canvas", seed: 11), "slate": base("slate", seed: 12)]

  static let onBases = [
    "ink": style("ink", on: "canvas", seed: 13),
    // With more pixels than that, strokes are larger.
    "oil": style(
      "oil", on: "canvas", seed: 14, advice: ["best_size": "16", "grain": "4", "margin": "6"]),
    "chalk": style("chalk", on: "canvas", seed: 15, advice: ["grain": "2", "margin": "3"]),
    "pastel": style("pastel", on: "slate", seed: 16),
  ]

  /// The convolutions of a network, for pictures in a range that isn't 0...255.
  static func base(_ name: String, seed: UInt64, width: Int = 4) -> WeightFile {
    let metadata = [
      "format_version": "1", "kind": "base", "architecture": "fast-neural-style",
      "width": "\(width)", "residual_blocks": "1", "padding": "reflection",
      "upsampling": "nearest", "output_activation": "identity", "epsilon": "1e-05",
      "input_range": "-1.95,2.3", "name": name, "licence": "CC0-1.0",
      "training": "never, by chance",
    ]
    let published = published(seed: seed, width: width, residualBlocks: 1)
    var tensors: [String: StoredTensor] = [:]
    for (name, tensor) in published where name.hasSuffix(".conv2d.weight") {
      tensors[ownName(of: name)] = tensor
    }
    // The sums of the last are colours; what a colour has of levels its style says.
    if let last = tensors["deconv3.weight"] {
      tensors["deconv3.weight"]?.values = last.values.map { $0 / 60 }
    }
    return WeightFile(metadata: metadata, tensors: tensors)
  }

  /// What a style on a base of width 4 has of its own.
  static func style(
    _ name: String, on base: String, seed: UInt64, advice: [String: String] = [:]
  ) -> WeightFile {
    let metadata = [
      "format_version": "1", "kind": "style", "base": base,
      "base_sha256": bases[base].map { digest(of: $0.tensors) } ?? "", "norm": "instance",
      "groups": "4", "name": name, "licence": "CC0-1.0", "training": "never, by chance",
    ]
    let published = published(seed: seed, residualBlocks: 1)
    var tensors: [String: StoredTensor] = [:]
    for (name, tensor) in published where !name.contains(".conv2d.") {
      tensors[ownName(of: name)] = tensor
    }
    tensors["color.matrix"] = StoredTensor(
      shape: [3, 3], values: [60, 9, -7, 5, 60, 8, -6, 4, 60])
    tensors["color.shift"] = published["deconv3.conv2d.bias"]
    return WeightFile(metadata: metadata.merging(advice) { $1 }, tensors: tensors)
  }

  /// SHA-256 as a style's file gives it: over the names, shapes and values of its base's tensors.
  static func digest(of tensors: [String: StoredTensor]) -> String {
    var hash = SHA256()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      hash.update(data: Array("\(name)\0\(shape)\0".utf8))
      for value in tensor.values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { hash.update(bufferPointer: $0) }
      }
    }
    return hash.finalize().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
