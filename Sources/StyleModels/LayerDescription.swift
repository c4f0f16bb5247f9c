/// One layer of a network: what it reads, how that is convolved, and what becomes of the result.
///
/// `y = activation(norm(convolution(padded(resampled(input))))) + added`, x and y `[C, H, W]`. Nothing
/// of it hangs on the layer's place in the list or on what it lacks.
public struct LayerDescription: Equatable, Sendable {
  /// The input of a layer.
  public enum Input: Equatable, Sendable {
    /// Red, green and blue.
    case picture
    /// The result of the layer of that number, all that is done to it included.
    case output(of: Int)
  }

  /// The change of the input before it is padded.
  public enum Resampling: Sendable {
    case none
    /// Doubles both sides: every sample stands four times.
    case nearest
    /// Halves both sides, rounded down: the largest of every 2×2 samples.
    case maximum
  }

  /// A convolution with a square kernel.
  public struct Convolution: Equatable, Sendable {
    public var inputChannels: Int
    public var outputChannels: Int
    /// The kernel's side.
    public var kernelSize: Int
    public var stride: Int
    /// Whether the convolution spreads each input sample over the outputs that one of this stride
    /// would make it of: stride 2 doubles both sides, about.
    public var isTransposed: Bool
    /// Whether the file has a bias for the convolution.
    public var hasBias: Bool

    public init(
      _ inputChannels: Int, _ outputChannels: Int, kernelSize: Int, stride: Int = 1,
      isTransposed: Bool = false, hasBias: Bool = true
    ) {
      self.inputChannels = inputChannels
      self.outputChannels = outputChannels
      self.kernelSize = kernelSize
      self.stride = stride
      self.isTransposed = isTransposed
      self.hasBias = hasBias
    }

    /// The weights' shape, `[O, I, K, K]`.
    public var weightShape: [Int] { [outputChannels, inputChannels, kernelSize, kernelSize] }
    public var weightCount: Int { weightShape.reduce(1, *) }
  }

  /// The way the input goes on beyond its edges, and how far. Of a transposed convolution's output
  /// as much is cut off.
  public struct Padding: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
      /// Mirrored about the edge sample, which is not repeated.
      case reflection
      /// The edge sample again and again.
      case replication
      case zero
    }

    public var kind: Kind
    public var top: Int
    public var left: Int
    public var bottom: Int
    public var right: Int
    /// Whether the widths are those for sides that the stride divides, and those of other sides such
    /// that as many outputs come of them as there are strides begun: TensorFlow's SAME.
    public var followsSide = false

    public init(_ kind: Kind, top: Int, left: Int, bottom: Int, right: Int) {
      self.kind = kind
      self.top = top
      self.left = left
      self.bottom = bottom
      self.right = right
    }

    /// Makes a padding that is the same on all sides.
    public init(_ kind: Kind, _ side: Int) {
      self.init(kind, top: side, left: side, bottom: side, right: side)
    }

    /// Makes TensorFlow's SAME: zeros, of an odd number one more at the bottom and right.
    public static func same(kernelSize: Int, stride: Int) -> Self {
      let sum = max(0, kernelSize - stride)
      var padding = Self(
        .zero, top: sum / 2, left: sum / 2, bottom: sum - sum / 2, right: sum - sum / 2)
      padding.followsSide = stride > 1
      return padding
    }
  }

  /// The activation of the normalized samples.
  public enum Activation: Equatable, Sendable {
    case identity
    case relu
    /// The function `scale · tanh(x) + offset`.
    case tanh(scale: Float, offset: Float)
  }

  /// The layer's name, as published: `conv1`, `res1.conv1`, `deconv3`.
  public var name: String
  public var input: Input
  public var resampling: Resampling
  public var convolution: Convolution
  public var padding: Padding
  /// The name of the norm that follows, as published: `in1`, `res1.in1`; nil for none.
  public var norm: String?
  public var activation: Activation
  /// The layer whose output is added to this one's after the activation; nil for none.
  public var adds: Int?

  public init(
    _ name: String, input: Input, resampling: Resampling = .none, convolution: Convolution,
    padding: Padding, norm: String?, activation: Activation, adds: Int? = nil
  ) {
    self.name = name
    self.input = input
    self.resampling = resampling
    self.convolution = convolution
    self.padding = padding
    self.norm = norm
    self.activation = activation
    self.adds = adds
  }
}
