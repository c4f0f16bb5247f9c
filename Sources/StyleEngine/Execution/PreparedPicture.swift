import Layers
import StyleModels
import Tensors

/// A network's layers prepared for one picture of a batch: its style, what is measured of it and what
/// the norms make of that, and where its maps are. Kept from batch to batch, so that pictures of a
/// size take no memory.
final class PreparedPicture {
  let shape: PictureShape
  let layers: [PreparedLayer]
  /// The affine of pixels and of sums before the next layer: it does nothing.
  let identity: ChannelAffine
  /// The maps that are kept in memory, by the layer that writes them first.
  var maps: [FeatureMap?]
  /// The places where the maps in the scratch file begin.
  let scratchOffsets: [Int]
  /// The numbers of the picture's style, those of the present batch.
  var style: StyleParameters

  private let noShift: [Float]

  init(
    _ network: StyleNetwork, _ shape: PictureShape, maps: [FeatureMap?], scratchOffsets: [Int]
  ) {
    self.shape = shape
    self.maps = maps
    self.scratchOffsets = scratchOffsets
    style = network.parameters
    noShift = network.parameters.colorShift.map { _ in 0 }
    identity = ChannelAffine(
      identityOf: network.layers.map(\.convolution.algorithm.outputLanes).max() ?? 0)
    layers = network.layers.indices.map { PreparedLayer(network.layers[$0], shape.tilings[$0]) }
  }

  /// Makes of a layer's output what it is to the layer that reads it.
  func output(of layer: Int, in map: FeatureMap) -> Activation {
    Activation(map: map, affine: layers[layer].affine, center: layers[layer].center)
  }

  /// Makes of the residual stream what it is to whoever reads it.
  func stream(_ stream: ResidualStream, in map: FeatureMap) -> Activation {
    switch stream.pending {
    case .activation(let layer): output(of: layer, in: map)
    case .nothing(let closing):
      Activation(map: map, affine: identity, center: layers[closing].sumCenter)
    }
  }

  /// Sets the centre of a sum: those of what is added, added.
  func setCenter(of sum: ResidualSum) {
    let layer = layers[sum.closing]
    let around: AlignedBuffer =
      switch sum.stream.pending {
      case .activation(let layer): layers[layer].center
      case .nothing(let closing): layers[closing].sumCenter
      }
    for channel in 0..<layer.sumCenter.count {
      layer.sumCenter.start[channel] = layer.center.start[channel] + around.start[channel]
    }
  }

  /// The work that is done on the last layer's samples before they are handed over.
  var finish: PictureRows.Finish {
    guard let last = layers.last else { preconditionFailure("a network has layers") }
    let description = last.layer.description
    return PictureRows.Finish(
      affine: description.norm != nil || description.activation == .relu ? last.affine : nil,
      activation: description.activation,
      color: style.colorMatrix.map { ($0, style.colorShift) })
  }

  /// The bias of the last layer: the style's, but under a colour matrix, after which it is added.
  var lastBias: [Float] { style.colorMatrix == nil ? style.colorShift : noShift }
}

/// One layer of a prepared picture.
final class PreparedLayer {
  let layer: StyleNetwork.Layer
  let convolution: ConvolutionRun
  /// The norm and activation as they are pending on the output.
  let affine: ChannelAffine
  /// `Activation.center` of the output, and of the residual block's where it ends one.
  let center: AlignedBuffer
  let sumCenter: AlignedBuffer

  init(_ layer: StyleNetwork.Layer, _ tiling: ConvolutionTiling) {
    self.layer = layer
    convolution = ConvolutionRun(layer.convolution, tiling)
    affine = ChannelAffine(
      identityOf: layer.convolution.algorithm.outputLanes,
      activation: layer.description.activation)
    center = AlignedBuffer([Float](repeating: 0, count: affine.scale.count))
    sumCenter = AlignedBuffer(
      [Float](repeating: 0, count: layer.description.adds == nil ? 0 : affine.scale.count))
  }

  /// Sets the centre that follows from the channels' own means.
  func setCenter(_ moments: [ChannelMoments]) {
    for (channel, own) in moments.enumerated() {
      center.start[channel] = affine.value(of: Float(own.mean), channel: channel)
    }
  }
}

extension StyleNetwork {
  /// The most bytes that a prepared picture takes: a few numbers for each channel of each layer.
  var stateBytes: Int {
    func lanes(_ channels: Int) -> Int {
      FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
    }
    // Up to eight of each output: its affine, two centres, the bias, a share of the identity. Three
    // of each input: its affine.
    return layers.reduce(0) { sum, layer in
      sum + 8 * lanes(layer.convolution.algorithm.outputLanes)
        + 3 * lanes(layer.description.convolution.inputChannels)
    } * MemoryLayout<Float>.stride
  }
}
