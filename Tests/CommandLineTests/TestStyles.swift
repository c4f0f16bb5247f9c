import Foundation
import SystemPackage
import TestSupport
import WeightFiles

/// The styles that the program finds by name in these tests: tiny networks of random weights.
///
/// - `parau-api`: instance norm.
/// - `stored`: the same weights with statistics for batch norm.
/// - `mural`: instance norm, with a variant trained under batch norm and one under group norm.
/// - `ink`, `oil` and `chalk`: styles on the base `canvas`; `oil` says how it is best painted.
/// - `pastel`: a style on another base, `slate`.
struct TestStyles {
  let path: FilePath

  /// Made once for all tests, and removed with the process.
  static let shared = Result { try TestStyles() }

  private init() throws {
    path = FilePath(NSTemporaryDirectory()).appending("pastiche-tests-styles-\(getpid())")
    try FileManager.default.createDirectory(
      atPath: path.string, withIntermediateDirectories: true)
    atexit { TestStyles.remove() }
    try Self.style("parau-api", seed: 1).write(to: file("parau-api"), replacing: true)
    try Self.style("stored", seed: 1, withStatistics: true)
      .write(to: file("stored"), replacing: true)
    try Self.style("mural", seed: 2).write(to: file("mural"), replacing: true)
    try Self.style("mural", seed: 3, norm: "batch", withStatistics: true)
      .write(to: file("mural.batch"), replacing: true)
    try Self.style("mural", seed: 4, norm: "group", groups: 2)
      .write(to: file("mural.group"), replacing: true)
    for (name, base) in Self.bases { try base.write(to: file(name), replacing: true) }
    for (name, style) in Self.onBases { try style.write(to: file(name), replacing: true) }
  }

  private static func remove() {
    guard let styles = try? shared.get() else { return }
    try? FileManager.default.removeItem(atPath: styles.path.string)
  }

  func file(_ name: String) -> FilePath { path.appending("\(name).safetensors") }

  /// A style of width 4.
  static func style(
    _ name: String, seed: UInt64, norm: String = "instance", groups: Int = 4,
    withStatistics: Bool = false
  ) -> WeightFile {
    let metadata = [
      "format_version": "1", "kind": "network", "architecture": "fast-neural-style", "width": "4",
      "residual_blocks": "1", "padding": "reflection", "upsampling": "nearest",
      "output_activation": "identity", "norm": norm, "groups": "\(groups)", "epsilon": "1e-05",
      "input_range": "0.0,255.0", "name": name, "licence": "CC0-1.0",
      "training": "never, by chance",
      "after": "nobody",
    ]
    var tensors = published(seed: seed, residualBlocks: 1, withStatistics: withStatistics)
    for (name, tensor) in tensors {
      tensors[name] = nil
      tensors[ownName(of: name)] = tensor
    }
    return WeightFile(metadata: metadata, tensors: tensors)
  }

  /// The weights under the names that PyTorch's example gives them.
  static func published(
    seed: UInt64, width: Int = 4, residualBlocks: Int = 5, withStatistics: Bool = false
  ) -> [String: StoredTensor] {
    let wide = 4 * width
    let blocks = (1...residualBlocks).flatMap { block in
      (1...2).map { ("res\(block).conv\($0)", wide, wide, 3, "res\(block).in\($0)") }
    }
    let layers: [(name: String, inputs: Int, outputs: Int, side: Int, norm: String?)] =
      [
        ("conv1", 3, width, 9, "in1"), ("conv2", width, 2 * width, 3, "in2"),
        ("conv3", 2 * width, wide, 3, "in3"),
      ] + blocks + [
        ("deconv1", wide, 2 * width, 3, "in4"), ("deconv2", 2 * width, width, 3, "in5"),
        ("deconv3", width, 3, 9, nil),
      ]
    var samples = Samples(seed: seed)
    var tensors: [String: StoredTensor] = [:]
    func add(_ name: String, _ shape: [Int], _ range: ClosedRange<Float>) {
      let values = (0..<shape.reduce(1, *)).map { _ in samples.next(in: range) }
      tensors[name] = StoredTensor(shape: shape, values: values)
    }
    for layer in layers {
      // The last layer's sums are pixels, mostly within 0…255; the others' are normalized.
      let size = Float(layer.inputs * layer.side * layer.side).squareRoot()
      let spread = (layer.norm == nil ? 60 : 1) / size
      add(
        "\(layer.name).conv2d.weight", [layer.outputs, layer.inputs, layer.side, layer.side],
        -spread...spread)
      add("\(layer.name).conv2d.bias", [layer.outputs], layer.norm == nil ? 100...156 : -0.1...0.1)
      guard let norm = layer.norm else { continue }
      add("\(norm).weight", [layer.outputs], 0.8...1.2)
      add("\(norm).bias", [layer.outputs], -0.2...0.2)
    }
    guard withStatistics else { return tensors }
    for layer in layers {
      guard let norm = layer.norm else { continue }
      let isFirst = norm == "in1"
      add("\(norm).running_mean", [layer.outputs], isFirst ? -30...30 : -0.2...0.2)
      add("\(norm).running_var", [layer.outputs], isFirst ? 500...2000 : 0.5...1)
    }
    return tensors
  }

  static func ownName(of published: String) -> String {
    if published.contains(".conv2d.") {
      return published.replacingOccurrences(of: ".conv2d.", with: ".")
    }
    let parts = [
      (".weight", ".gamma"), (".bias", ".beta"), (".running_mean", ".mean"),
      (".running_var", ".variance"),
    ]
    for (theirs, ours) in parts where published.hasSuffix(theirs) {
      return published.dropLast(theirs.count) + ours
    }
    return published
  }
}
