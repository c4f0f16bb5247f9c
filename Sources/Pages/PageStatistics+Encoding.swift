extension PageStatistics {
  /// A layer's numbers, as compact as the page's script reads them.
  ///
  /// First, for each view, quantity and channel, `low` and `step` as little-endian Float32, then,
  /// in the same order, the levels of the channels that have any, a byte an image.
  ///
  /// - Complexity: 8 bytes a channel, view and quantity, and at most one byte a value.
  func encoded(layer: Int) -> [UInt8] {
    let channelCount = layers[layer].channels
    var heads: [UInt8] = []
    var levels: [UInt8] = []
    for view in views {
      for (quantity, values) in view.layers[layer].quantities.enumerated() {
        // A 65,536th of the plot's height can't be seen.
        let resolution = axisLength(view, layer: layer, quantity: quantity) / 65_536
        for channel in 0..<channelCount {
          let row = stride(from: channel, to: values.count, by: channelCount).map { values[$0] }
          let quantized = QuantizedChannel(row, resolution: resolution)
          for number in [quantized.low, quantized.step] {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { heads += $0 }
          }
          levels += quantized.levels
        }
      }
    }
    return heads + levels
  }

  /// From the least to the greatest value of all views on the axes of `view`.
  private func axisLength(_ view: View, layer: Int, quantity: Int) -> Double {
    let sharing = view.hasOwnAxes ? [view] : views.filter { !$0.hasOwnAxes }
    let ranges = sharing.compactMap { $0.layers[layer].quantities[quantity].finiteRange }
    let bounds = ranges.flatMap { [$0.lowerBound, $0.upperBound] }.finiteRange
    return bounds.map { Double($0.upperBound) - Double($0.lowerBound) } ?? 0
  }
}
