import Tensors

/// A network's layers prepared for pictures of one size: how their outputs are cut up, and memory
/// for all that is small. Kept from picture to picture, so that those of a size take none.
final class PreparedPicture {
  let width: Int
  let height: Int
  let layers: [PreparedLayer]
  /// By the layers' definitions.
  let multiplications: Int
  /// A row of the picture, `3 · width` samples.
  let row: UnsafeMutableBufferPointer<Float>
  /// The picture's pixels are taken as they are.
  let identity: ChannelAffine

  init(_ network: StyleNetwork, width: Int, height: Int) {
    self.width = width
    self.height = height
    var size = (height: Picture.extended(height), width: Picture.extended(width))
    var multiplications = 0
    layers = network.layers.map { layer in
      let geometry = layer.convolution.geometry(inputHeight: size.height, inputWidth: size.width)
      let prepared = PreparedLayer(layer, layer.convolution.tiling(geometry))
      size = (geometry.outputHeight, geometry.outputWidth)
      multiplications += prepared.multiplications
      return prepared
    }
    self.multiplications = multiplications
    row = .allocate(capacity: 3 * width)
    identity = ChannelAffine(identityOf: 3)
  }

  deinit {
    row.deallocate()
  }
}

/// One layer of a prepared picture, with what was measured and what the norm makes of it.
final class PreparedLayer {
  let layer: StyleNetwork.Layer
  let convolution: ConvolutionRun
  /// Where a norm follows.
  let strips: StripMoments?
  let affine: ChannelAffine
  /// `Activation.center` of the output, and of the residual block's where it ends one.
  let center: AlignedBuffer
  let sum: ChannelAffine

  init(_ layer: StyleNetwork.Layer, _ tiling: ConvolutionTiling) {
    self.layer = layer
    let channels = layer.convolution.algorithm.outputLanes
    convolution = ConvolutionRun(layer.convolution, tiling)
    strips = layer.norm.map { _ in tiling.moments(channels: channels) }
    affine = ChannelAffine(identityOf: channels)
    sum = ChannelAffine(identityOf: channels)
    center = AlignedBuffer([Float](repeating: 0, count: affine.scale.count))
  }

  var tiling: ConvolutionTiling { convolution.tiling }
  var outputChannels: Int { layer.convolution.algorithm.outputLanes }
  var outputHeight: Int { tiling.geometry.outputHeight }

  /// By the layer's definition.
  var multiplications: Int {
    outputHeight * tiling.outputColumns * tiling.multiplicationsPerColumn
  }

  /// Samples that the output takes.
  var outputCount: Int {
    FeatureMap.sampleCount(
      channels: outputChannels, width: tiling.outputColumns, rows: outputHeight)
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
