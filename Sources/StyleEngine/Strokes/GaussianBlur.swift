import Glibc

/// Blurs a picture's rows as they come, by a Gaussian of standard deviation σ cut off at 3σ; beyond its
/// edges the picture goes on mirrored, edge included.
///
/// Rows are added from top to bottom, and each can be asked for once those that it looks at are there.
/// It takes 2⌈3σ⌉ + 1 rows of memory, or the picture's. O(σ) for each sample.
struct GaussianBlur {
  /// Rows above and below that one looks at.
  let radius: Int
  /// The number of rows that are kept.
  private let ringCount: Int
  private let width: Int
  private let height: Int
  private let channels: Int
  /// The weight of the sample in the middle and of those at each distance.
  private let weights: [Float]
  /// Row y, blurred across, is in `ring[y % ring.count]`.
  private var ring: [[Float]] = []
  /// A row with what stands beyond its ends.
  private var padded: [Float] = []
  private(set) var rowsAdded = 0

  /// - Parameters:
  ///   - channels: Samples of a pixel, which stand beside one another.
  ///   - lag: Rows that may be added after one before that is asked for, where those are more than it
  ///     looks at.
  init(sigma: Double, width: Int, height: Int, channels: Int, lag: Int = 0) {
    let radius = Self.radius(sigma: sigma)
    let values = (0...radius).map { sigma > 0 ? exp(-0.5 * pow(Double($0) / sigma, 2)) : 1 }
    let sum = 2 * values.reduce(0, +) - values[0]
    weights = values.map { Float($0 / sum) }
    self.radius = radius
    ringCount = min(height, radius + max(radius, lag) + 1)
    self.width = width
    self.height = height
    self.channels = channels
  }

  static func radius(sigma: Double) -> Int { Int((3 * sigma).rounded(.up)) }

  /// Bytes that it takes without a lag.
  static func byteCount(sigma: Double, width: Int, height: Int, channels: Int) -> Int {
    let radius = radius(sigma: sigma)
    let rows = min(height, 2 * radius + 1)
    return (rows * width + width + 2 * radius) * channels * MemoryLayout<Float>.stride
  }

  /// Rows from the first on that can be asked for, each before another is added.
  var rowsReady: Int { rowsAdded == height ? height : max(0, rowsAdded - radius) }

  /// Adds the next row.
  mutating func add(_ row: Span<Float>) {
    precondition(row.count == width * channels && rowsAdded < height, "a row of the picture")
    if ring.isEmpty {
      ring = Array(repeating: [Float](repeating: 0, count: row.count), count: ringCount)
      padded = [Float](repeating: 0, count: (width + 2 * radius) * channels)
    }
    for x in 0..<radius {
      let left = Picture.mirrored(x - radius, width) * channels
      let right = Picture.mirrored(width + x, width) * channels
      for channel in 0..<channels {
        padded[x * channels + channel] = row[left + channel]
        padded[(radius + width + x) * channels + channel] = row[right + channel]
      }
    }
    for index in row.indices { padded[radius * channels + index] = row[index] }
    Self.blur(padded, weights, step: channels, into: &ring[rowsAdded % ring.count])
    rowsAdded += 1
  }

  /// Blurs a padded row across.
  private static func blur(
    _ padded: [Float], _ weights: [Float], step: Int, into target: inout [Float]
  ) {
    let radius = weights.count - 1
    let padded = padded.span
    var target = target.mutableSpan
    precondition(padded.count == target.count + 2 * radius * step, "a padded row")
    for start in stride(from: 0, to: target.count, by: blockCount) {
      let block = start..<min(start + blockCount, target.count)
      for index in block {
        target[unchecked: index] = weights[0] * padded[unchecked: index &+ radius &* step]
      }
      for distance in 1..<max(1, weights.count) {
        let weight = weights[distance]
        let (left, right) = ((radius &- distance) &* step, (radius &+ distance) &* step)
        for index in block {
          target[unchecked: index] +=
            weight * (padded[unchecked: index &+ left] + padded[unchecked: index &+ right])
        }
      }
    }
  }

  /// Samples that are summed up in one go, few enough to stay close to the processor.
  private static let blockCount = 1024

  /// Sets `row` to row `y`, blurred.
  ///
  /// - Precondition: `y` is the first that hasn't been asked for of `rowsReady`.
  func blur(_ y: Int, into row: inout [Float]) {
    precondition(y < rowsReady, "the rows that this one looks at are there")
    Self.add(line(y).span, nil, times: weights[0], to: &row)
    for distance in 1..<max(1, weights.count) {
      Self.add(
        line(y - distance).span, line(y + distance).span, times: weights[distance], to: &row)
    }
  }

  private func line(_ y: Int) -> [Float] {
    ring[Picture.mirrored(y, height) % ring.count]
  }

  /// Adds two rows to `row`, or sets it to the one.
  private static func add(
    _ above: Span<Float>, _ below: Span<Float>?, times weight: Float, to row: inout [Float]
  ) {
    var row = row.mutableSpan
    precondition(above.count == row.count, "a row of the picture")
    guard let below else {
      for index in row.indices { row[unchecked: index] = weight * above[unchecked: index] }
      return
    }
    for index in row.indices {
      row[unchecked: index] += weight * (above[unchecked: index] + below[unchecked: index])
    }
  }
}
