import Layers
import StyleModels
import Tensors

/// A network's layers prepared for one picture of a batch: what is measured of it and what the norms
/// make of that, and where its maps are. Kept from batch to batch, so that pictures of a size take
/// no memory.
final class PreparedPicture {
  let shape: PictureShape
  let layers: [PreparedLayer]
  /// The picture's pixels are taken as they are.
  let identity = ChannelAffine(identityOf: 3)
  /// By the layer that writes it first; those that are kept in memory.
  var maps: [FeatureMap?]
  /// Where those in the scratch file begin.
  let scratchOffsets: [Int]
  /// The last convolution of the block whose sum the stream holds.
  var summed: Int?

  init(
    _ network: StyleNetwork, _ shape: PictureShape, maps: [FeatureMap?], scratchOffsets: [Int]
  ) {
    self.shape = shape
    self.maps = maps
    self.scratchOffsets = scratchOffsets
    layers = network.layers.indices.map { PreparedLayer(network.layers[$0], shape.tilings[$0]) }
  }
}

/// One layer of a prepared picture.
final class PreparedLayer {
  let layer: StyleNetwork.Layer
  let convolution: ConvolutionRun
  let affine: ChannelAffine
  /// `Activation.center` of the output, and of the residual block's where it ends one.
  let center: AlignedBuffer
  let sum: ChannelAffine

  init(_ layer: StyleNetwork.Layer, _ tiling: ConvolutionTiling) {
    self.layer = layer
    let channels = layer.convolution.algorithm.outputLanes
    convolution = ConvolutionRun(layer.convolution, tiling)
    affine = ChannelAffine(identityOf: channels)
    sum = ChannelAffine(identityOf: channels)
    center = AlignedBuffer([Float](repeating: 0, count: affine.scale.count))
  }

  /// Sets the norm's scale and shift, and the centre that follows from the channels' own means.
  func normalize(
    _ norm: NormLayer, _ statistics: [Statistics], areMeasured: Bool, moments: [ChannelMoments]
  ) {
    affine.set(statistics, areMeasured: areMeasured, norm)
    for (channel, own) in moments.enumerated() {
      center.start[channel] = affine.value(of: Float(own.mean), channel: channel)
    }
  }
}

extension StyleNetwork {
  /// What a prepared picture takes: a few numbers for each channel of each layer.
  var stateBytes: Int {
    func lanes(_ channels: Int) -> Int {
      FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
    }
    // Eight of each output: three in the affine and in the sum, the centre, the bias. Three of each
    // input: its affine.
    return layers.reduce(0) { sum, layer in
      sum + 8 * lanes(layer.convolution.algorithm.outputLanes)
        + 3 * lanes(layer.description.inputChannels)
    } * MemoryLayout<Float>.stride
  }
}
