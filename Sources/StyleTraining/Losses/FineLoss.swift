import Glibc
import Tensors

/// What is finer than about four and a half pixels: `y` less what a low pass of eleven samples at 0.22
/// cycles a pixel leaves of it, rows and columns in turn with mirrored edges; the loss is its mean
/// square in units of 255². Edges cost little, a weave of two to four pixels, which Gram matrices
/// reward, much.
///
/// With `L` the low pass, the gradient is `2 (1 − Lᵀ)(1 − L) y`, and `L` is symmetric but for edges.
final class FineLoss {
  private static let cutoff = 0.22
  private static let reach = 5

  /// `sin(2π c k) / (π k)` under a Hamming window, their sum 1: the tap at the centre and those beside
  /// it on either hand.
  private static let taps: [Float] = {
    let values = (0...reach).map { k in
      let sine = k == 0 ? 2 * cutoff : sin(2 * .pi * cutoff * Double(k)) / (.pi * Double(k))
      return sine * (0.54 + 0.46 * cos(.pi * Double(k) / Double(reach)))
    }
    let sum = values[0] + 2 * values.dropFirst().reduce(0, +)
    return values.map { Float($0 / sum) }
  }()

  private let height, width: Int
  /// Two pictures' room.
  private let room: (FeatureMap, FeatureMap)
  /// Where each of a line's samples and those beyond its ends are found.
  private let rows, columns: [Int]
  /// A row with what lies beyond its ends.
  private let line: UnsafeMutableBufferPointer<Pixel>

  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
    room = (.pixels(height: height, width: width), .pixels(height: height, width: width))
    rows = (-Self.reach..<height + Self.reach).map { PixelLosses.mirrored($0, height) }
    columns = (-Self.reach..<width + Self.reach).map { PixelLosses.mirrored($0, width) }
    line = .allocate(capacity: width + 2 * Self.reach)
  }

  deinit { line.deallocate() }

  func value(_ picture: FeatureMap, weight: Double, _ gradient: FeatureMap?) -> Double {
    let (across, fine) = room
    for y in 0..<height { passRow(picture.pixelRow(y), into: across.pixelRow(y)) }
    var sum = 0.0
    for y in 0..<height {
      let (row, source) = (fine.pixelRow(y), picture.pixelRow(y))
      passColumn(across, y, into: row)
      var squares = Pixel.zero
      for x in 0..<width {
        row[x] = source[x] - row[x]
        squares += row[x] * row[x]
      }
      sum += Double(squares.sum())
    }
    let unit = 1 / (255 * 255 * 3 * Double(height * width))
    guard let gradient, weight != 0 else { return unit * sum }
    // (1 − Lᵀ) of what is fine.
    let slope = Float(2 * weight * unit)
    across.setPixels { _, _ in .zero }
    for y in 0..<height { returnColumn(fine.pixelRow(y), y, into: across) }
    for y in 0..<height {
      let (target, row) = (gradient.pixelRow(y), fine.pixelRow(y))
      for x in 0..<width { target[x] += slope * row[x] }
      returnRow(across.pixelRow(y), into: target, slope: slope)
    }
    return unit * sum
  }

  private func passRow(_ source: UnsafePointer<Pixel>, into target: UnsafeMutablePointer<Pixel>) {
    let reach = Self.reach
    for (place, column) in columns.enumerated() { line[place] = source[column] }
    for x in 0..<width {
      var sum = Self.taps[0] * line[x + reach]
      for k in 1...reach { sum += Self.taps[k] * (line[x + reach - k] + line[x + reach + k]) }
      target[x] = sum
    }
  }

  private func passColumn(
    _ source: FeatureMap, _ y: Int, into target: UnsafeMutablePointer<Pixel>
  ) {
    let (reach, center) = (Self.reach, source.pixelRow(y))
    for x in 0..<width { target[x] = Self.taps[0] * center[x] }
    for k in 1...reach {
      let (above, below, tap) = (
        source.pixelRow(rows[y + reach - k]), source.pixelRow(rows[y + reach + k]), Self.taps[k]
      )
      for x in 0..<width { target[x] += tap * (above[x] + below[x]) }
    }
  }

  /// What `passColumn` gathers, spread.
  private func returnColumn(
    _ source: UnsafePointer<Pixel>, _ y: Int, into target: FeatureMap
  ) {
    let (reach, center) = (Self.reach, target.pixelRow(y))
    for x in 0..<width { center[x] += Self.taps[0] * source[x] }
    for k in 1...reach {
      let (above, below, tap) = (
        target.pixelRow(rows[y + reach - k]), target.pixelRow(rows[y + reach + k]), Self.taps[k]
      )
      for x in 0..<width { above[x] += tap * source[x] }
      for x in 0..<width { below[x] += tap * source[x] }
    }
  }

  /// What `passRow` gathers, spread and taken off.
  private func returnRow(
    _ source: UnsafePointer<Pixel>, into target: UnsafeMutablePointer<Pixel>, slope: Float
  ) {
    let reach = Self.reach
    line.update(repeating: .zero)
    for x in 0..<width {
      line[x + reach] += Self.taps[0] * source[x]
      for k in 1...reach {
        line[x + reach - k] += Self.taps[k] * source[x]
        line[x + reach + k] += Self.taps[k] * source[x]
      }
    }
    for (place, column) in columns.enumerated() { target[column] -= slope * line[place] }
  }
}
