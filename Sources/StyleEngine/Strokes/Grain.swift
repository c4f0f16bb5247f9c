import ImageFiles

/// Noise that gives a picture's blank areas something to paint: where a sky is of one colour, the
/// network would leave an empty grey band.
///
/// It is a hash of the position, so that it doesn't depend on the order in which rows are read.
enum Grain {
  private static let seed: UInt32 = 0x9E37_79B9
  /// The sum of four bytes: its mean and standard deviation, √(4·(256² − 1)/12).
  private static let mean: Float = 510
  private static let deviation: Float = 147.8

  /// Adds noise of standard deviation `sigma` to row `y`, the same to red, green and blue.
  static func add(_ sigma: Float, to row: inout MutableSpan<Float>, y: Int) {
    let rowSeed = hash(UInt32(truncatingIfNeeded: y) &+ seed)
    for x in 0..<row.count / 3 {
      let bits = hash(UInt32(truncatingIfNeeded: x) ^ rowSeed)
      let sum = (bits & 0xFF) + (bits >> 8 & 0xFF) + (bits >> 16 & 0xFF) + bits >> 24
      let noise = sigma * (Float(sum) - mean) / deviation
      for channel in 0..<3 { row[3 * x + channel] += noise }
    }
  }

  /// Mixes all bits into all bits (a bijection: Wellons' `lowbias32`).
  private static func hash(_ value: UInt32) -> UInt32 {
    var bits = value
    bits = (bits ^ bits >> 16) &* 0x7FEB_352D
    bits = (bits ^ bits >> 15) &* 0x846C_A68B
    return bits ^ bits >> 16
  }
}

extension Picture {
  /// The picture with noise of so many levels; one of one colour stays as it is.
  ///
  /// - Throws: `ImageFileError` where rows can't be read.
  func grained(_ sigma: Float) throws(ImageFileError) -> Picture {
    guard sigma > 0, try !isOfOneColor() else { return self }
    return Picture(
      width: width, height: height, order: order,
      readRow: { y, row throws(ImageFileError) in
        try readRow(y, &row)
        Grain.add(sigma, to: &row, y: y)
      }, writeRow: writeRow)
  }

  private func isOfOneColor() throws(ImageFileError) -> Bool {
    var row = [Float](repeating: 0, count: 3 * width)
    var first: [Float] = []
    for y in 0..<height {
      var samples = row.mutableSpan
      try readRow(y, &samples)
      if first.isEmpty { first = Array(row[0..<3]) }
      for index in row.indices where row[index] != first[index % 3] { return false }
    }
    return true
  }
}
