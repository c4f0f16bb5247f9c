import StyleModels
import Tensors

/// Brings a picture's rows into the network's first map, and the last map's rows back.
struct PictureRows {
  /// What the network calls black, and a step of 1 in 0…255.
  private let black: Float
  private let unit: Float
  /// `3 · width` samples.
  private let row: UnsafeMutablePointer<Float>

  init(_ network: StyleNetwork, row: UnsafeMutablePointer<Float>) {
    let range = network.description.inputRange
    black = Float(range.lowerBound)
    unit = Float((range.upperBound - range.lowerBound) / 255)
    self.row = row
  }

  /// Fills in rows of the first layer's input, `[3, H, W]`, extended where the picture is too small.
  ///
  /// - Parameter rows: Where the picture is extended, the first it is read by are all of them.
  func read(_ rows: Range<Int>, of picture: Picture, into map: FeatureMap) throws {
    let lanes = FeatureMap.pixelLanes
    for y in rows {
      let pixels = map.row(y)
      guard y < picture.height else {
        pixels.update(
          from: map.row(Picture.mirrored(y, picture.height)), count: map.width * lanes)
        continue
      }
      try picture.readRow(y, UnsafeMutableBufferPointer(start: row, count: 3 * picture.width))
      for x in 0..<picture.width {
        for channel in 0..<3 {
          pixels[x * lanes + channel] = black + unit * row[3 * x + channel]
        }
        pixels[x * lanes + 3] = 0
      }
      for x in picture.width..<max(map.width, picture.width) {
        (pixels + x * lanes).update(
          from: pixels + Picture.mirrored(x, picture.width) * lanes, count: lanes)
      }
    }
  }

  /// Hands rows of the last layer's output to the picture, cropped to its size.
  ///
  /// - Parameter perBlock: Samples that lie together in a block of lanes.
  func write(_ rows: Range<Int>, of map: FeatureMap, perBlock: Int, to picture: Picture) throws {
    let count = 3 * picture.width
    for y in rows.clamped(to: 0..<picture.height) {
      var block = map.row(y)
      var sample = 0
      // Infinite or no number where all bits of the exponent are set.
      var largestExponent: UInt32 = 0
      while sample < count {
        let lanes = min(perBlock, count - sample)
        for lane in 0..<lanes {
          let value = (block[lane] - black) / unit
          largestExponent = max(largestExponent, value.bitPattern & 0x7F80_0000)
          row[sample + lane] = value
        }
        sample += lanes
        block += FeatureMap.blockLanes
      }
      guard largestExponent < 0x7F80_0000 else {
        throw StyleNetworkError.outputNotFinite(row: y)
      }
      try picture.writeRow(y, UnsafeBufferPointer(start: row, count: count))
    }
  }
}
