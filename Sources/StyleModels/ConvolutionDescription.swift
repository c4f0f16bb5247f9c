/// One convolution of the network, with what is done before and after it.
public struct ConvolutionDescription: Equatable, Sendable {
  /// Where a convolution stands in a residual block, whose output is its input plus the last
  /// norm's output, without an activation.
  public enum ResidualPlace: Sendable {
    /// Its input is the block's.
    case opens
    /// The block's input is added to its (normalized) output.
    case closes
  }

  /// As published: `conv1`, `res1.conv1`, `deconv3`.
  public var name: String
  public var inputChannels: Int
  public var outputChannels: Int
  /// The side of the square kernel; half of it, rounded down, is padded on each side.
  public var kernelSize: Int
  public var stride: Int
  /// By what factor the input is enlarged before the padding: 1 or 2.
  public var upsampling: Int
  /// `nil` for the last convolution alone.
  public var norm: NormDescription?
  public var residualPlace: ResidualPlace?

  public var opensResidualBlock: Bool { residualPlace == .opens }
  public var closesResidualBlock: Bool { residualPlace == .closes }

  /// Laid out [O, I, K, K].
  public var weightShape: [Int] { [outputChannels, inputChannels, kernelSize, kernelSize] }
}

/// The norm after a convolution.
public struct NormDescription: Equatable, Sendable {
  /// As published: `in1`, `res1.in1`, `in5`.
  public var name: String
  public var channels: Int
  /// Every norm is, but the last of a residual block.
  public var followedByReLU: Bool
}

extension NetworkDescription {
  /// The convolutions in the order in which they run; 16 of them for five residual blocks.
  ///
  /// - Precondition: `width` and `residualBlocks` are in `widths` and `residualBlockCounts`.
  public var convolutions: [ConvolutionDescription] {
    precondition(Self.widths.contains(width), "width is in \(Self.widths)")
    precondition(
      Self.residualBlockCounts.contains(residualBlocks),
      "residualBlocks is in \(Self.residualBlockCounts)")
    let wide = 4 * width
    var result = [
      convolution("conv1", 3, width, kernel: 9, norm: "in1"),
      convolution("conv2", width, 2 * width, stride: 2, norm: "in2"),
      convolution("conv3", 2 * width, wide, stride: 2, norm: "in3"),
    ]
    for block in 0..<residualBlocks {
      let name = "res\(block + 1)"
      var first = convolution("\(name).conv1", wide, wide, norm: "\(name).in1")
      var second = convolution("\(name).conv2", wide, wide, norm: "\(name).in2")
      first.residualPlace = .opens
      second.residualPlace = .closes
      second.norm?.followedByReLU = false
      result += [first, second]
    }
    return result + [
      convolution("deconv1", wide, 2 * width, upsampling: 2, norm: "in4"),
      convolution("deconv2", 2 * width, width, upsampling: 2, norm: "in5"),
      convolution("deconv3", width, 3, kernel: 9, norm: nil),
    ]
  }

  private func convolution(
    _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1,
    upsampling: Int = 1, norm: String?
  ) -> ConvolutionDescription {
    ConvolutionDescription(
      name: name, inputChannels: inputs, outputChannels: outputs, kernelSize: kernel,
      stride: stride, upsampling: upsampling,
      norm: norm.map { NormDescription(name: $0, channels: outputs, followedByReLU: true) })
  }
}
