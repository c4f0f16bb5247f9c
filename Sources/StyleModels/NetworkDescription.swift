/// The style network as a file describes it: the layers follow from these few values.
///
/// The network is that of Johnson et al. 2016 (arXiv:1603.08155) as PyTorch's examples publish
/// it: three convolutions down, residual blocks, two up, one to RGB.
public struct NetworkDescription: Equatable, Sendable {
  /// How a layer continues its input beyond the edge.
  public enum Padding: String, CaseIterable, Sendable {
    /// Mirrored about the edge sample, which is not repeated.
    case reflection
  }

  /// How an image is doubled before a convolution.
  public enum Upsampling: String, CaseIterable, Sendable {
    /// Each sample four times.
    case nearest
  }

  /// What is done to the last convolution's output.
  public enum OutputActivation: String, CaseIterable, Sendable {
    /// Nothing.
    case identity
  }

  /// Channels of the first convolution's output; 32 as published.
  public var width: Int
  public var residualBlocks: Int
  public var padding: Padding
  public var upsampling: Upsampling
  public var outputActivation: OutputActivation
  public var norm: Norm
  /// Groups of channels under `Norm.group`, for which it must divide `width`; other norms don't
  /// look at it.
  public var groups: Int
  /// What is added to each variance.
  public var epsilon: Double
  /// Black and white, in the network's input and output.
  public var inputRange: ClosedRange<Double>

  public init(
    width: Int, residualBlocks: Int = 5, padding: Padding = .reflection,
    upsampling: Upsampling = .nearest, outputActivation: OutputActivation = .identity,
    norm: Norm = .instance, groups: Int = 4, epsilon: Double = 1e-5,
    inputRange: ClosedRange<Double> = 0...255
  ) {
    self.width = width
    self.residualBlocks = residualBlocks
    self.padding = padding
    self.upsampling = upsampling
    self.outputActivation = outputActivation
    self.norm = norm
    self.groups = groups
    self.epsilon = epsilon
    self.inputRange = inputRange
  }

  // Beyond these a file is broken or hostile, and the sizes that follow from it would be too.
  public static let widths = 1...512
  public static let residualBlockCounts = 0...64
  /// Above 0, or a constant channel would be divided by 0.
  static func isValid(epsilon: Double) -> Bool { epsilon > 0 && epsilon <= 1 }
  /// The convolutions' channels are `width` times 1, 2 and 4, so what divides `width` divides all.
  public var groupsDivide: Bool { groups > 0 && width % groups == 0 }
}
