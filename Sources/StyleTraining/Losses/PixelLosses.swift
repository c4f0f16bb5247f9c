import Tensors

/// The losses that need no network, of a picture `[H, W]` of red, green and blue in 0…255.
struct PixelLosses {
  private let lattice: LatticeLoss
  private let fine: FineLoss

  init(height: Int, width: Int) {
    lattice = LatticeLoss(height: height, width: width)
    fine = FineLoss(height: height, width: width)
  }

  /// The terms' values.
  ///
  /// - Parameter gradient: What the gradient by the picture is added to, each term times its weight;
  ///   nil where it isn't wanted.
  func terms(of picture: FeatureMap, _ weights: LossWeights, gradient: FeatureMap?) -> LossTerms {
    var terms = LossTerms()
    terms.range = Self.range(picture, weight: weights.range, gradient)
    terms.variation = Self.variation(picture, weight: weights.variation, gradient)
    terms.fine = fine.value(picture, weight: weights.fine, gradient)
    terms.lattice = lattice.value(picture, weight: weights.lattice, gradient)
    return terms
  }

  /// The place within a side that one beyond its ends mirrors, edges not repeated; again and again
  /// where the side is short.
  static func mirrored(_ place: Int, _ side: Int) -> Int {
    guard side > 1 else { return 0 }
    let cycle = 2 * (side - 1)
    let position = (place % cycle + cycle) % cycle
    return min(position, cycle - position)
  }

  /// `mean(max(y − 255, 0) + max(−y, 0)) / 255`.
  static func range(_ picture: FeatureMap, weight: Double, _ gradient: FeatureMap?) -> Double {
    let unit = 1 / (255 * 3 * Double(picture.height * picture.width))
    let slope = Pixel(repeating: Float(weight * unit))
    var sum = 0.0
    for y in 0..<picture.height {
      let (row, target) = (picture.pixelRow(y), gradient?.pixelRow(y))
      var outside = Pixel.zero
      for x in 0..<picture.width {
        let (above, below) = (row[x] .> 255, row[x] .< 0)
        outside += Pixel.zero.replacing(with: row[x] - 255, where: above)
        outside -= Pixel.zero.replacing(with: row[x], where: below)
        target?[x] +=
          Pixel.zero.replacing(with: slope, where: above).replacing(with: -slope, where: below)
      }
      sum += Double(outside.sum())
    }
    return sum * unit
  }

  /// `(mean((y[i][j + 1] − y[i][j])²) + mean((y[i + 1][j] − y[i][j])²)) / 255²`.
  static func variation(_ picture: FeatureMap, weight: Double, _ gradient: FeatureMap?) -> Double {
    let (height, width) = (picture.height, picture.width)
    func unit(_ pairs: Int) -> Double { pairs > 0 ? 1 / (255 * 255 * 3 * Double(pairs)) : 0 }
    let (across, down) = (unit(height * (width - 1)), unit((height - 1) * width))
    let (acrossSlope, downSlope) = (Float(2 * weight * across), Float(2 * weight * down))
    var sum = 0.0
    for y in 0..<height {
      let (row, target) = (picture.pixelRow(y), gradient?.pixelRow(y))
      var squares = Pixel.zero
      for x in 1..<max(width, 1) {
        let difference = row[x] - row[x - 1]
        squares += difference * difference
        target?[x] += acrossSlope * difference
        target?[x - 1] -= acrossSlope * difference
      }
      sum += across * Double(squares.sum())
      guard y > 0 else { continue }
      let (above, aboveTarget) = (picture.pixelRow(y - 1), gradient?.pixelRow(y - 1))
      squares = .zero
      for x in 0..<width {
        let difference = row[x] - above[x]
        squares += difference * difference
        target?[x] += downSlope * difference
        aboveTarget?[x] -= downSlope * difference
      }
      sum += down * Double(squares.sum())
    }
    return sum
  }
}

/// The pattern that repeats every four pixels, as strides and enlargements leave it: what is finer than
/// nine pixels, `y` less its 9×9 mean with mirrored edges, averaged over all 4×4 blocks, is a 4×4
/// pattern a channel; the loss is its mean square in units of 255².
///
/// Averages and means are linear and go row by column: `P[a][b] = Σ (u_a[i] u_b[j] − r_a[i] r_b[j]) y[i][j]`
/// with u_a one in four rows and r_a what the nine-pixel mean makes of it.
struct LatticeLoss {
  private static let period = 4
  private static let reach = 4

  /// `[4][side]` each.
  private let rows: [[Float]]
  private let columns: [[Float]]
  /// The share of a block in the mean over all.
  private let share: Float
  private let height: Int
  private let width: Int

  init(height: Int, width: Int) {
    (self.height, self.width) = (
      height / Self.period * Self.period, width / Self.period * Self.period
    )
    let blocks = (self.height / Self.period) * (self.width / Self.period)
    share = blocks > 0 ? 1 / Float(blocks) : 0
    rows = Self.means(self.height, side: height)
    columns = Self.means(self.width, side: width)
  }

  /// For each place in the period, what each sample counts in the mean of nine about the places.
  private static func means(_ whole: Int, side: Int) -> [[Float]] {
    (0..<period).map { place in
      var weights = [Float](repeating: 0, count: side)
      for center in stride(from: place, to: whole, by: period) {
        for step in -reach...reach {
          weights[PixelLosses.mirrored(center + step, side)] += 1 / Float(2 * reach + 1)
        }
      }
      return weights
    }
  }

  func value(_ picture: FeatureMap, weight: Double, _ gradient: FeatureMap?) -> Double {
    guard share > 0 else { return 0 }
    let period = Self.period
    var pattern = [Pixel](repeating: .zero, count: period * period)
    for y in 0..<picture.height {
      let row = picture.pixelRow(y)
      var (own, mean) = (
        [Pixel](repeating: .zero, count: period), [Pixel](repeating: .zero, count: period)
      )
      if y < height {
        for x in 0..<width { own[x % period] += row[x] }
      }
      for x in 0..<picture.width {
        for b in 0..<period { mean[b] += columns[b][x] * row[x] }
      }
      for b in 0..<period {
        if y < height { pattern[y % period * period + b] += own[b] }
        for a in 0..<period { pattern[a * period + b] -= rows[a][y] * mean[b] }
      }
    }
    for place in pattern.indices { pattern[place] *= share }
    let unit = 1 / (255 * 255 * 3 * Double(period * period))
    let sum = pattern.reduce(0) { $0 + Double(($1 * $1).sum()) }
    guard let gradient else { return unit * sum }
    let slopes = pattern.map { Float(2 * weight * unit) * share * $0 }
    for y in 0..<picture.height {
      let target = gradient.pixelRow(y)
      if y < height {
        for x in 0..<width { target[x] += slopes[y % period * period + x % period] }
      }
      let means = (0..<period).map { b in
        (0..<period).reduce(Pixel.zero) { $0 + rows[$1][y] * slopes[$1 * period + b] }
      }
      for x in 0..<picture.width {
        var sum = Pixel.zero
        for b in 0..<period { sum += columns[b][x] * means[b] }
        target[x] -= sum
      }
    }
    return unit * sum
  }
}
