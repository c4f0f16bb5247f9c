import Layers
import Tensors

/// The memory that a pass over one picture needs beside the stored maps: bands of rows on their way
/// in, between its layers and out, one after the other.
struct PassMemory: Equatable {
  /// What a part is for.
  struct Band: Equatable {
    /// Rows that there is room for; 0 where the rows are in place already.
    let rows: Int
    /// Counted from the pass's own offset.
    let samples: Range<Int>
  }

  /// Of what the first layer reads.
  let source: Band
  /// Of the residual that is added to the stream on the way.
  let residual: Band
  /// Between the layers.
  let windows: [Band]
  let output: Band
  /// Of the last layer's output, two samples for each Double.
  let moments: Range<Int>
  /// A row of the picture, `3 · width` samples.
  let row: Range<Int>
  let byteCount: Int

  init(
    _ network: StyleNetwork, _ flow: LayerFlow, _ shape: PictureShape,
    outputs: [ExecutionPlan.Place], layers: ClosedRange<Int>, _ extents: BandExtents,
    isInspected: Bool
  ) {
    let target = layers.upperBound
    var end = 0
    func take(_ count: Int) -> Range<Int> {
      defer { end = LifetimeLayout.aligned(end + count * MemoryLayout<Float>.stride) }
      let start = end / MemoryLayout<Float>.stride
      return start..<start + count
    }
    func band(_ rows: Int, _ rowCount: Int) -> Band {
      Band(rows: rows, samples: take(rows * rowCount))
    }
    func isScratch(_ layer: Int) -> Bool { outputs[flow.map(of: layer)] == .scratch }

    let read = flow.input(of: layers.lowerBound)
    switch read {
    case .picture:
      source = band(extents.source, shape.pixelRowCount)
      residual = band(0, 0)
    case .output(let layer):
      source = band(isScratch(layer) ? extents.source : 0, shape.rowCount(layer))
      residual = band(0, 0)
    case .sum(let closing):
      let stream = flow.blocks.lowerBound - 1
      source = band(outputs[stream] == .scratch ? extents.source : 0, shape.rowCount(stream))
      let adds = layers.lowerBound == target
      residual = band(
        adds && isScratch(closing) ? extents.freshSource : 0, shape.rowCount(closing))
    }
    var windows: [Band] = []
    for (layer, rows) in zip(layers, extents.windows) {
      windows.append(band(rows, shape.rowCount(layer)))
    }
    self.windows = windows
    let isHandedOver = target == flow.last
    let isBanded =
      isHandedOver || isScratch(target) || (outputs[target] == .recomputed && isInspected)
    output = band(isBanded ? extents.target : 0, shape.rowCount(target))
    let norm = network.layers[target].norm
    let highest = (extents.target - 1) / ConvolutionGeometry.stripHeight + 1
    let doubles = norm.map {
      StripMoments.valueCount(shape.tilings[target], strips: highest, channels: $0.gamma.count)
    }
    moments = take(2 * (doubles ?? 0))
    row = take(read == .picture || isHandedOver ? 3 * shape.width : 0)
    byteCount = end
  }
}
