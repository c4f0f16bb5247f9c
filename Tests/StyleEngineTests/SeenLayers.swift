import Tensors

@testable import StyleEngine

/// Every layer's output as an execution shows it, put together from its bands.
final class SeenLayers {
  private struct Output {
    /// `[channels][rows][width]`, and of each row all lanes as they lie.
    var planes: [[[Float]]]
    var rows: [[Float]]
  }

  private var outputs: [[String: Output]] = []
  private var order: [[String]] = []

  /// Takes rows as `NetworkExecution.run` hands them to `inspect`.
  func add(_ band: LayerRows) {
    while outputs.count <= band.picture {
      outputs.append([:])
      order.append([])
    }
    if outputs[band.picture][band.convolution] == nil {
      order[band.picture].append(band.convolution)
    }
    let map = band.map
    var output =
      outputs[band.picture][band.convolution]
      ?? Output(planes: [[[Float]]](repeating: [], count: map.channels), rows: [])
    precondition(output.rows.count == band.rows.lowerBound, "rows come from top to bottom")
    for y in band.rows {
      for channel in 0..<map.channels {
        let pixels = map.row(y, block: channel / map.lanes) + channel % map.lanes
        output.planes[channel].append((0..<map.width).map { pixels[$0 * map.lanes] })
      }
      output.rows.append(Array(UnsafeBufferPointer(start: map.row(y), count: map.rowCount)))
    }
    outputs[band.picture][band.convolution] = output
  }

  /// The convolutions in the order in which they were first shown.
  func layers(ofPicture picture: Int) -> [String] { order[picture] }

  /// `[C][H][W]`.
  func planes(of layer: String, picture: Int = 0) -> [[[Float]]]? {
    outputs[picture][layer]?.planes
  }

  /// `[C, H, W]` one after the other, or nil where the output has another shape. Blocks of a
  /// last layer without a norm are five pixels, lane 3 · p + channel.
  func values(of layer: String, picture: Int, shape: [Int]) -> [Float]? {
    guard let output = outputs[picture][layer], output.rows.count == shape[1] else { return nil }
    if shape[0] == 3, output.planes.count > 3 {
      var values: [Float] = []
      for channel in 0..<3 {
        for row in output.rows {
          for x in 0..<shape[2] {
            let (block, pixel) = x.quotientAndRemainder(dividingBy: 5)
            values.append(row[16 * block + 3 * pixel + channel])
          }
        }
      }
      return values
    }
    guard output.planes.count == shape[0], output.planes[0][0].count == shape[2] else { return nil }
    return output.planes.flatMap { $0.joined() }
  }
}
