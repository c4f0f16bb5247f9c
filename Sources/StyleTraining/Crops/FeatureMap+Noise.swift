import Tensors

extension FeatureMap {
  /// Adds noise of so many levels to red, green and blue of a picture's pixels.
  func addNoise(_ deviation: Float, from generator: inout SplitMix64) {
    for y in rows {
      let row = pixelRow(y)
      for x in 0..<width {
        row[x] += deviation * Pixel(generator.bell(), generator.bell(), generator.bell(), 0)
      }
    }
  }
}
