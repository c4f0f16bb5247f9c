import StyleModels

/// How a network's layers hang together: what each reads, and which map its output goes to.
///
/// Outputs have a map each, but for the residual blocks', of which there are two: the *stream*, that
/// of the layer before the first block, to which every block adds, and the *inner* one, which the
/// convolutions of all blocks write in turn.
struct LayerFlow: Equatable, Sendable {
  enum Input: Equatable {
    case picture
    case output(of: Int)
    /// What a residual block comes to: its last convolution's output and the stream, added.
    case sum(of: Int)
  }

  let layers: Int
  /// Those of all residual blocks.
  let blocks: Range<Int>

  init(_ network: StyleNetwork) {
    layers = network.layers.count
    let inside = network.layers.indices.filter {
      network.layers[$0].description.opensResidualBlock
        || network.layers[$0].description.closesResidualBlock
    }
    blocks = (inside.first ?? 0)..<(inside.last ?? -1) + 1
  }

  var last: Int { layers - 1 }
  var stream: Int? { blocks.isEmpty ? nil : blocks.lowerBound - 1 }
  var inner: Int? { blocks.isEmpty ? nil : blocks.lowerBound }

  func input(of layer: Int) -> Input {
    if layer == 0 { return .picture }
    let closesBefore = (layer - blocks.lowerBound).isMultiple(of: 2)
    if !blocks.isEmpty, layer > blocks.lowerBound, layer <= blocks.upperBound, closesBefore {
      return .sum(of: layer - 1)
    }
    return .output(of: layer - 1)
  }

  /// The map that a layer's output goes to, by the number of the first layer that writes it.
  func map(of layer: Int) -> Int {
    blocks.contains(layer) ? blocks.lowerBound : layer
  }

  /// Whether a layer's output goes to the map that it reads, as that of a block's second does.
  func overwritesInput(_ layer: Int) -> Bool {
    guard case .output(let before) = input(of: layer) else { return false }
    return map(of: before) == map(of: layer)
  }

  /// Whether a layer's output may be computed again rather than stored. That of a residual block
  /// would take all those before it.
  func isRecomputable(_ layer: Int) -> Bool {
    !blocks.contains(layer) && layer != stream && layer != last
  }
}
