/// The plan of a network: what makes its list of layers. Whoever runs a network sees the list alone.
public enum Architecture: Equatable, Sendable {
  case fastNeuralStyle(FastNeuralStyle)
  case fastStyleTransfer(FastStyleTransfer)

  /// What a plan is called in files.
  public enum Name: String, CaseIterable, Sendable {
    case fastNeuralStyle = "fast-neural-style"
    case fastStyleTransfer = "fast-style-transfer"
  }

  // Beyond these a file is broken or hostile, and the sizes that follow from it would be too.
  public static let widths = 1...512
  public static let residualBlockCounts = 0...64

  public var name: Name {
    switch self {
    case .fastNeuralStyle: .fastNeuralStyle
    case .fastStyleTransfer: .fastStyleTransfer
    }
  }

  /// The layers in the order in which they run.
  ///
  /// - Precondition: `width` and `residualBlocks` are in `widths` and `residualBlockCounts`.
  public var layers: [LayerDescription] {
    precondition(Self.widths.contains(width), "width is in \(Self.widths)")
    precondition(
      Self.residualBlockCounts.contains(residualBlocks),
      "residualBlocks is in \(Self.residualBlockCounts)")
    return switch self {
    case .fastNeuralStyle(let network): network.layers
    case .fastStyleTransfer(let network): network.layers
    }
  }

  /// Channels of the first layer's output, by which networks of one plan are told apart.
  public var width: Int {
    switch self {
    case .fastNeuralStyle(let network): network.width
    case .fastStyleTransfer(let network): network.width
    }
  }

  public var residualBlocks: Int {
    switch self {
    case .fastNeuralStyle(let network): network.residualBlocks
    case .fastStyleTransfer(let network): network.residualBlocks
    }
  }
}
