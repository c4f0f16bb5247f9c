/// The network of lengstrom's fast-style-transfer, in TensorFlow: three convolutions down, residual blocks,
/// two transposed up, one to RGB; zeros beyond the edges, no biases, and a norm after every convolution.
/// What comes out is 150 · tanh(x) + 127.5.
///
/// <https://github.com/lengstrom/fast-style-transfer>
public struct FastStyleTransfer: Equatable, Sendable {
  /// Channels of the first convolution's output; 32 as published.
  public var width: Int
  /// 5 as published.
  public var residualBlocks: Int

  public init(width: Int, residualBlocks: Int = 5) {
    self.width = width
    self.residualBlocks = residualBlocks
  }

  /// The layers: 16 of them for five residual blocks. Norms are named like their convolutions.
  public var layers: [LayerDescription] {
    let wide = 4 * width
    var layers: [LayerDescription] = []
    func add(
      _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1,
      isTransposed: Bool = false, activation: LayerDescription.Activation = .relu,
      adds: Int? = nil
    ) {
      layers.append(
        LayerDescription(
          name, input: layers.isEmpty ? .picture : .output(of: layers.count - 1),
          convolution: .init(
            inputs, outputs, kernelSize: kernel, stride: stride, isTransposed: isTransposed,
            hasBias: false),
          padding: .same(kernelSize: kernel, stride: stride), norm: "\(name).norm",
          activation: activation, adds: adds))
    }
    add("conv1", 3, width, kernel: 9)
    add("conv2", width, 2 * width, stride: 2)
    add("conv3", 2 * width, wide, stride: 2)
    for block in 0..<residualBlocks {
      let around = layers.count - 1
      add("res\(block + 1).conv1", wide, wide)
      add("res\(block + 1).conv2", wide, wide, activation: .identity, adds: around)
    }
    add("deconv1", wide, 2 * width, stride: 2, isTransposed: true)
    add("deconv2", 2 * width, width, stride: 2, isTransposed: true)
    add("deconv3", width, 3, kernel: 9, activation: .tanh(scale: 150, offset: 127.5))
    return layers
  }
}
