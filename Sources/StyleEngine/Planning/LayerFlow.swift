import Layers
import StyleModels

/// The connections of a network's layers: which residual blocks they make up, and which map each
/// one's output goes to.
///
/// Outputs have a map each, but within residual blocks. What a block adds to is the *stream*: the map
/// of the layer before the first block, in which every sum takes the place of the one before. The
/// convolutions of blocks that follow one another write one *inner* map in turn.
struct LayerFlow: Equatable, Sendable {
  /// Layers whose last adds the input of the first to its own output.
  struct Block: Equatable, Sendable {
    let layers: ClosedRange<Int>
    /// The map of the block's stream.
    let stream: Int
    /// The block whose sum is its input; nil where it is a layer's output.
    let before: Int?

    var closing: Int { layers.upperBound }
  }

  let blocks: [Block]
  /// The map that each layer's output goes to, by the number of the first layer that writes it.
  let maps: [Int]
  /// Whether the last layer is normalized, so that the whole of it must be known before any of it is
  /// handed over.
  let lastIsNormalized: Bool

  /// - Throws: `StyleNetworkError.unsupported` with the first layer that can't be run.
  init(_ layers: [LayerDescription]) throws(StyleNetworkError) {
    var blocks: [Block] = []
    for (number, layer) in layers.enumerated() {
      func refuse(_ reason: String) -> StyleNetworkError {
        .unsupported(layer: layer.name, reason: reason)
      }
      let isLast = number == layers.count - 1
      let input: LayerDescription.Input = number == 0 ? .picture : .output(of: number - 1)
      guard layer.input == input else { throw refuse("it must read the layer before it") }
      let channels = number == 0 ? 3 : layers[number - 1].convolution.outputChannels
      guard layer.convolution.inputChannels == channels else {
        throw refuse("it reads \(layer.convolution.inputChannels) channels of \(channels)")
      }
      if let reason = ConvolutionLayer.refusal(of: layer) { throw refuse(reason) }
      if case .tanh = layer.activation, !isLast { throw refuse("only the last layer has a tanh") }
      guard let added = layer.adds else { continue }
      let before = blocks.indices.last
      guard !isLast else { throw refuse("the last layer adds nothing") }
      guard 0..<number ~= added, added >= before.map({ blocks[$0].closing }) ?? 0 else {
        throw refuse("what it adds is an earlier layer's, not within another residual block")
      }
      guard layers[added + 1...number].allSatisfy(\.keepsSize),
        layers[added].convolution.outputChannels == layer.convolution.outputChannels
      else { throw refuse("a residual block's input and output are of one size") }
      let chained = before.flatMap { blocks[$0].closing == added ? $0 : nil }
      blocks.append(
        Block(
          layers: added + 1...number, stream: chained.map { blocks[$0].stream } ?? added,
          before: chained))
    }
    guard let last = layers.last else {
      throw .unsupported(layer: "the network", reason: "it has no layers")
    }
    lastIsNormalized = last.norm != nil
    var maps = Array(layers.indices)
    for block in blocks {
      // The map that the block before has left, or the layer before has.
      var free = block.before.map { maps[blocks[$0].closing] }
      for layer in block.layers {
        if let map = free, layers[map].outputLike(layers[layer]) { maps[layer] = map }
        free = maps[layer]
      }
    }
    self.blocks = blocks
    self.maps = maps
  }

  var last: Int { maps.count - 1 }

  /// Layers whose output is put somewhere: all but a last one that is handed over as it is made.
  var storedLayers: Range<Int> { 0..<(lastIsNormalized ? maps.count : maps.count - 1) }

  /// Finds the block that ends with a layer.
  func block(closedBy layer: Int) -> Block? {
    blocks.first { $0.closing == layer }
  }

  /// Tells whether a layer belongs to a residual block.
  func isInBlock(_ layer: Int) -> Bool {
    blocks.contains { $0.layers.contains(layer) }
  }

  /// Tells whether a layer's output goes to the map that it reads, as that of a block's second
  /// does.
  func overwritesInput(_ layer: Int) -> Bool {
    layer > 0 && isInBlock(layer) && maps[layer - 1] == maps[layer]
      && block(closedBy: layer - 1) == nil
  }

  /// Tells whether a layer's output may be computed again rather than stored. That of a residual
  /// block would take all those before it.
  func isRecomputable(_ layer: Int) -> Bool {
    storedLayers.contains(layer) && !isInBlock(layer)
      && !blocks.contains { $0.stream == layer }
  }
}

extension LayerDescription {
  /// Whether the output has the height and width of the input.
  fileprivate var keepsSize: Bool {
    let lost = convolution.kernelSize - 1
    return resampling == .none && convolution.stride == 1 && !convolution.isTransposed
      && padding.top + padding.bottom == lost && padding.left + padding.right == lost
  }

  /// Tells whether both outputs take the same room, their sizes being the same.
  fileprivate func outputLike(_ other: LayerDescription) -> Bool {
    convolution.outputChannels == other.convolution.outputChannels
  }
}
