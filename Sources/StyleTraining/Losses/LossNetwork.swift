import Layers
import StyleModels
import SystemPackage
import Tensors
import WeightFiles

/// The network whose features tell how alike two pictures are: VGG's first convolutions, or one of
/// ours that stands for them.
///
/// Each layer is a 3×3 convolution with zero padding, a bias and a ReLU; maxima of 2×2 are taken before
/// conv2_1 and conv3_1. A picture is RGB in 0…255, `(x − mean) / deviation` is what the first layer reads.
///
/// Papers: Simonyan and Zisserman 2015, arXiv:1409.1556; Johnson, Alahi and Fei-Fei 2016,
/// arXiv:1603.08155.
public struct LossNetwork: Sendable {
  /// A layer whose features are looked at, by VGG's name, after its ReLU.
  public enum Tap: String, Sendable {
    case relu11 = "relu1_1"
    case relu12 = "relu1_2"
    case relu21 = "relu2_1"
    case relu22 = "relu2_2"
    case relu31 = "relu3_1"
    case relu34 = "relu3_4"

    /// The digits of VGG's layer.
    fileprivate var place: Substring { rawValue.dropFirst(4) }
  }

  /// The layers in order.
  let layers: [LayerDescription]
  private let weights: [String: [Float]]
  /// Red, green and blue.
  let mean: Pixel
  let deviation: Float
  /// SHA-256 over its tensors.
  let digest: String
  private let lastOfThird: Substring

  /// Reads the file of a loss network: `conv1_1.weight` [O, 3, 3, 3], `conv1_1.bias` [O] and so on, to
  /// conv3_4, or to conv3_2 that stands for it.
  ///
  /// VGG's 64 channels are taken to read blue, green, red less their means, any others
  /// `(x − 117) / 60`.
  ///
  /// - Throws: `LossNetworkError`.
  public init(contentsOf path: FilePath) throws(LossNetworkError) {
    let file: WeightFile
    do throws(WeightFileError) { file = try WeightFile(contentsOf: path) } catch {
      throw .weightFile(error)
    }
    try self.init(file)
  }

  init(_ file: WeightFile) throws(LossNetworkError) {
    let long = ["1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4"]
    let names = file.tensors["conv3_4.weight"] == nil ? Array(long.prefix(6)) : long
    var (layers, weights, channels) = ([LayerDescription](), [String: [Float]](), 3)
    for name in names {
      let layer = "conv\(name)"
      guard let kernel = file.tensors["\(layer).weight"], let bias = file.tensors["\(layer).bias"]
      else { throw .missing(layer: layer) }
      let outputs = kernel.shape.first ?? 0
      let shape = [outputs, channels, 3, 3]
      guard kernel.shape == shape, (1...1024).contains(outputs), outputs != 3 else {
        throw .shape("\(layer).weight", found: kernel.shape, expected: [nil, channels, 3, 3])
      }
      guard bias.shape == [outputs] else {
        throw .shape("\(layer).bias", found: bias.shape, expected: [outputs])
      }
      guard (kernel.values + bias.values).allSatisfy(\.isFinite) else { throw .notFinite(layer) }
      layers.append(
        LayerDescription(
          layer, input: layers.isEmpty ? .picture : .output(of: layers.count - 1),
          resampling: name == "2_1" || name == "3_1" ? .maximum : .none,
          convolution: .init(channels, outputs, kernelSize: 3), padding: .init(.zero, 1),
          norm: nil, activation: .relu))
      weights["\(layer).weight"] = kernel.values
      weights["\(layer).bias"] = bias.values
      channels = outputs
    }
    let isVGG = layers[0].convolution.outputChannels == 64
    if isVGG, let kernels = weights["conv1_1.weight"] {
      // Blue, green, red as red, green, blue.
      weights["conv1_1.weight"] = kernels.indices.map { index in
        let (kernel, tap) = index.quotientAndRemainder(dividingBy: 9)
        return kernels[(kernel / 3 * 3 + 2 - kernel % 3) * 9 + tap]
      }
    }
    self.layers = layers
    self.weights = weights
    digest = file.tensors.digest
    mean = isVGG ? Pixel(123.68, 116.779, 103.939, 0) : Pixel(117, 117, 117, 0)
    deviation = isVGG ? 1 : 60
    lastOfThird = names.last.map { Substring($0) } ?? ""
  }

  /// The number of a tap's layer.
  func layer(of tap: Tap) -> Int {
    let name = tap == .relu34 ? lastOfThird : tap.place
    return layers.firstIndex { $0.name.dropFirst(4) == name } ?? layers.count - 1
  }

  /// How many samples from the edge of a layer's result zero padding shows.
  func reach(ofLayer index: Int) -> Int {
    layers[...index].reduce(0) { reach, layer in
      (layer.resampling == .maximum ? (reach + 1) / 2 : reach) + 1
    }
  }

  /// The network ready to run, as far as the layer of that number.
  func trainable(layers count: Int, goesBack: Bool, kernels: KernelSet) -> TrainableNetwork {
    TrainableNetwork(
      Array(layers.prefix(count)), goesBack: goesBack, reachesPicture: true, kernels: kernels
    ) { layer in
      (weights["\(layer.name).weight"] ?? [], weights["\(layer.name).bias"] ?? [])
    }
  }
}

/// A file is no loss network.
public enum LossNetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  case weightFile(WeightFileError)
  case missing(layer: String)
  /// An extent of nil may be any.
  case shape(String, found: [Int], expected: [Int?])
  case notFinite(String)

  public var description: String {
    switch self {
    case .weightFile(let error): "\(error)"
    case .missing(let layer):
      """
      no tensors \(layer).weight and \(layer).bias: a loss network has conv1_1, conv1_2, conv2_1, \
      conv2_2, conv3_1 and conv3_2, or VGG-19's up to conv3_4
      """
    case .shape(let tensor, let found, let expected):
      """
      \(tensor) is \(found.map(String.init).joined(separator: "×")), not \
      \(expected.map { $0.map(String.init) ?? "channels" }.joined(separator: "×"))
      """
    case .notFinite(let layer): "\(layer) has weights that are no finite numbers"
    }
  }
}
