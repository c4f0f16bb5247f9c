import Layers
import Tensors

/// The memory that a pass over one picture needs beside the stored maps: bands of rows on their way
/// in, between its layers and out, one after the other.
struct PassMemory: Equatable {
  /// The place of some rows in the memory.
  struct Band: Equatable {
    /// Rows that there is room for; 0 where the rows are in place already.
    let rows: Int
    /// The rows' samples, counted from the pass's own offset.
    let samples: Range<Int>
  }

  /// The rows that the first layer reads.
  let source: Band
  /// The residual that is added to the stream on the way.
  let residual: Band
  /// The outputs of the layers before the last.
  let windows: [Band]
  let output: Band
  /// The moments of the last layer's output, two samples for each Double.
  let moments: Range<Int>
  let byteCount: Int

  init(_ pass: Pass, _ network: StyleNetwork, _ shape: PictureShape, _ extents: BandExtents) {
    var end = 0
    func take(_ count: Int) -> Range<Int> {
      defer { end = LifetimeLayout.aligned(end + count * MemoryLayout<Float>.stride) }
      let start = end / MemoryLayout<Float>.stride
      return start..<start + count
    }
    func band(_ rows: Int, _ rowCount: Int) -> Band {
      Band(rows: rows, samples: take(rows * rowCount))
    }
    func band(of stored: Pass.StoredMap, _ rows: Int) -> Band {
      band(stored.isScratch ? rows : 0, shape.rowCount(stored.map))
    }

    switch pass.source {
    case .picture:
      source = band(extents.source, shape.pixelRowCount)
      residual = band(0, 0)
    case .output(_, let stored):
      source = band(of: stored, extents.source)
      residual = band(0, 0)
    case .stream(let stream):
      source = band(of: stream.stored, extents.source)
      residual = band(0, 0)
    case .sum(let sum):
      source = band(of: sum.stream.stored, extents.source)
      residual = band(of: sum.added, extents.freshSource)
    }
    var windows: [Band] = []
    for (layer, rows) in zip(pass.layers, extents.windows) {
      windows.append(band(rows, shape.rowCount(layer)))
    }
    self.windows = windows
    let isBanded =
      switch pass.destination {
      case .picture: true
      case .map(let stored, _): stored.isScratch
      case .nowhere(let isShown): isShown
      }
    output = band(isBanded ? extents.target : 0, shape.rowCount(pass.target))
    let highest = (extents.target - 1) / ConvolutionGeometry.stripHeight + 1
    moments = take(
      network.measures(pass)
        ? 2
          * StripMoments.valueCount(
            shape.tilings[pass.target], strips: highest,
            channels: network.layers[pass.target].channels) : 0)
    byteCount = end
  }
}
