/// The network of Johnson et al. 2016 (arXiv:1603.08155) as PyTorch's examples publish it: three
/// convolutions down, residual blocks, two up, one to RGB.
public struct FastNeuralStyle: Equatable, Sendable {
  /// The way an image is doubled before a convolution.
  public enum Upsampling: String, CaseIterable, Sendable {
    /// Each sample four times.
    case nearest
  }

  /// The activation of the last convolution's output.
  public enum OutputActivation: String, CaseIterable, Sendable {
    /// No activation.
    case identity
  }

  /// Channels of the first convolution's output; 32 as published.
  public var width: Int
  public var residualBlocks: Int
  /// The way every layer continues its input beyond the edge; `reflection` as published.
  public var padding: LayerDescription.Padding.Kind
  public var upsampling: Upsampling
  public var outputActivation: OutputActivation

  public init(
    width: Int, residualBlocks: Int = 5, padding: LayerDescription.Padding.Kind = .reflection,
    upsampling: Upsampling = .nearest, outputActivation: OutputActivation = .identity
  ) {
    self.width = width
    self.residualBlocks = residualBlocks
    self.padding = padding
    self.upsampling = upsampling
    self.outputActivation = outputActivation
  }

  /// The layers: 16 of them for five residual blocks.
  public var layers: [LayerDescription] {
    let wide = 4 * width
    var list = List(padding: padding)
    list.add("conv1", 3, width, kernel: 9, norm: "in1")
    list.add("conv2", width, 2 * width, stride: 2, norm: "in2")
    list.add("conv3", 2 * width, wide, stride: 2, norm: "in3")
    for block in 0..<residualBlocks {
      let name = "res\(block + 1)"
      let around = list.layers.count - 1
      list.add("\(name).conv1", wide, wide, norm: "\(name).in1")
      list.add(
        "\(name).conv2", wide, wide, norm: "\(name).in2", activation: .identity, adds: around)
    }
    list.add("deconv1", wide, 2 * width, resampling: enlargement, norm: "in4")
    list.add("deconv2", 2 * width, width, resampling: enlargement, norm: "in5")
    list.add("deconv3", width, 3, kernel: 9, norm: nil, activation: lastActivation)
    return list.layers
  }

  private var enlargement: LayerDescription.Resampling {
    switch upsampling {
    case .nearest: .nearest
    }
  }

  private var lastActivation: LayerDescription.Activation {
    switch outputActivation {
    case .identity: .identity
    }
  }

  /// Layers one after the other, each padded by half its kernel.
  private struct List {
    let padding: LayerDescription.Padding.Kind
    var layers: [LayerDescription] = []

    mutating func add(
      _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1,
      resampling: LayerDescription.Resampling = .none, norm: String?,
      activation: LayerDescription.Activation = .relu, adds: Int? = nil
    ) {
      layers.append(
        LayerDescription(
          name, input: layers.isEmpty ? .picture : .output(of: layers.count - 1),
          resampling: resampling,
          convolution: .init(inputs, outputs, kernelSize: kernel, stride: stride),
          padding: .init(padding, kernel / 2), norm: norm, activation: activation, adds: adds))
    }
  }
}
