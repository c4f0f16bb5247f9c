import Tensors

extension FeatureMap {
  /// Adds noise of so many levels to red, green and blue.
  ///
  /// - Precondition: pixels of four lanes.
  func addNoise(_ deviation: Float, from generator: inout SplitMix64) {
    for y in rows {
      changePixels(ofRow: y) { row in
        for x in row.indices {
          let noise = SIMD4(generator.bell(), generator.bell(), generator.bell(), 0)
          row[x] += deviation * noise
        }
      }
    }
  }

  /// Gives the pixels of row `y` to be changed.
  ///
  /// - Precondition: pixels of four lanes.
  func changePixels(
    ofRow y: Int, _ body: (UnsafeMutableBufferPointer<SIMD4<Float>>) -> Void
  ) {
    precondition(lanes == Self.pixelLanes && blocks == 1, "pixels of four lanes")
    row(y).withMemoryRebound(to: SIMD4<Float>.self, capacity: width) {
      body(UnsafeMutableBufferPointer(start: $0, count: width))
    }
  }
}
