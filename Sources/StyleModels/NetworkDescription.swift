/// A network as a file describes it.
public struct NetworkDescription: Equatable, Sendable {
  public var architecture: Architecture
  public var norm: Norm
  /// Groups of channels under `Norm.group`, which must divide every norm's channels; other norms
  /// don't look at it.
  public var groups: Int
  /// The number that is added to each variance.
  public var epsilon: Double
  /// Black and white, in the network's input and output.
  public var inputRange: ClosedRange<Double>

  public init(
    _ architecture: Architecture, norm: Norm = .instance, groups: Int = 4, epsilon: Double = 1e-5,
    inputRange: ClosedRange<Double> = 0...255
  ) {
    self.architecture = architecture
    self.norm = norm
    self.groups = groups
    self.epsilon = epsilon
    self.inputRange = inputRange
  }

  /// The published network at a width.
  public init(
    width: Int, residualBlocks: Int = 5, norm: Norm = .instance, groups: Int = 4,
    epsilon: Double = 1e-5, inputRange: ClosedRange<Double> = 0...255
  ) {
    self.init(
      .fastNeuralStyle(FastNeuralStyle(width: width, residualBlocks: residualBlocks)), norm: norm,
      groups: groups, epsilon: epsilon, inputRange: inputRange)
  }

  /// The layers in the order in which they run.
  public var layers: [LayerDescription] { architecture.layers }

  /// The first number of channels that `groups` doesn't divide.
  var channelsThatGroupsDoNotDivide: Int? {
    layers.first {
      $0.norm != nil && (groups < 1 || !$0.convolution.outputChannels.isMultiple(of: groups))
    }?.convolution.outputChannels
  }

  /// Tells whether `epsilon` is above 0, as a constant channel would else be divided by 0, and
  /// sane.
  static func isValid(epsilon: Double) -> Bool { epsilon > 0 && epsilon <= 1 }

  /// The tensors of a file with this network's weights, in the order in which they are used.
  ///
  /// - Parameters:
  ///   - kind: What the file holds: a network, a base, or a style on one.
  ///   - statistics: Whether the norms' stored means and variances are among them.
  /// - Precondition: as for `layers`.
  public func tensors(
    of kind: FileKind = .network, withStatistics statistics: Bool = false
  ) -> [(name: String, shape: [Int])] {
    let tensors = layers.flatMap { layer in
      let channels = layer.convolution.outputChannels
      var tensors: [(name: String, shape: [Int])] = []
      if kind != .style {
        tensors.append((name: "\(layer.name).weight", shape: layer.convolution.weightShape))
      }
      if kind == .network, layer.convolution.hasBias {
        tensors.append((name: "\(layer.name).bias", shape: [channels]))
      }
      if kind != .base, let norm = layer.norm {
        let parts = ["gamma", "beta"] + (statistics ? ["mean", "variance"] : [])
        tensors += parts.map { (name: "\(norm).\($0)", shape: [channels]) }
      }
      return tensors
    }
    return kind == .style ? tensors + Self.colorTensors : tensors
  }

  /// The 3×3 matrix that the last convolution of a style's base is multiplied with, and what is added
  /// then, in levels.
  static let colorTensors: [(name: String, shape: [Int])] = [
    ("color.matrix", [3, 3]), ("color.shift", [3]),
  ]

  /// A level of 0…255 as a step in the network's input and output.
  var level: Double { (inputRange.upperBound - inputRange.lowerBound) / 255 }
}
