import WeightFiles

@testable import StyleTraining

/// The perceptual loss as its formulas say it, in Double and a sample at a time, for a network that
/// reads `(x − 117) / 60`.
struct PlainLoss {
  /// A picture, or features: `[C][H][W]`.
  typealias Map = [[[Double]]]

  private let network: WeightFile
  /// The painting's Gram matrices, `[scales][taps]`.
  private var goals: [[[Double]]] = []

  private static let taps = [
    ["1_1", "2_1", "3_1"], ["2_1", "3_1", "3_2"], ["2_1", "3_1", "3_2"],
  ]
  private static let content = "2_2"

  init(_ network: WeightFile, painting: Map) {
    self.network = network
    goals = grams(of: painting)
  }

  func terms(of picture: Map, photograph: Map) -> LossTerms {
    func content(_ map: Map) -> [Double] {
      (features(of: map)[Self.content] ?? []).flatMap { $0.joined() }
    }
    let grams = grams(of: picture)
    var style = 0.0
    for (own, goal) in zip(grams.joined(), goals.joined()) { style += distance(own, goal) }
    return LossTerms(
      content: distance(content(picture), content(photograph)), style: style,
      range: range(picture), lattice: lattice(picture), variation: variation(picture))
  }

  private func grams(of picture: Map) -> [[[Double]]] {
    var picture = picture
    return Self.taps.map { taps in
      let features = features(of: picture)
      picture = halved(picture)
      return taps.map { gram(features[$0] ?? []) }
    }
  }

  /// `|a − b|² / |b|²`
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    var (sum, energy) = (0.0, 0.0)
    for (value, goal) in zip(a, b) {
      sum += (value - goal) * (value - goal)
      energy += goal * goal
    }
    return sum / energy
  }

  private func gram(_ map: Map) -> [Double] {
    let planes: [[Double]] = map.map { Array($0.joined()) }
    var gram: [Double] = []
    for first in planes {
      for second in planes {
        var sum = 0.0
        for (a, b) in zip(first, second) { sum += a * b }
        gram.append(sum / Double(first.count))
      }
    }
    return gram
  }

  /// Behind each layer's ReLU, by VGG's digits.
  private func features(of picture: Map) -> [String: Map] {
    var map: Map = picture.map { plane in plane.map { row in row.map { ($0 - 117) / 60 } } }
    var features: [String: Map] = [:]
    for layer in ["1_1", "1_2", "2_1", "2_2", "3_1", "3_2"] {
      if layer == "2_1" || layer == "3_1" { map = maxima(map) }
      map = convolved(map, layer)
      features[layer] = map
    }
    return features
  }

  /// 3×3 with zero padding, bias and ReLU.
  private func convolved(_ map: Map, _ layer: String) -> Map {
    guard let kernel = network.tensors["conv\(layer).weight"],
      let bias = network.tensors["conv\(layer).bias"]
    else { return [] }
    let (height, width) = (map[0].count, map[0][0].count)
    var result = Map(
      repeating: [[Double]](repeating: [Double](repeating: 0, count: width), count: height),
      count: kernel.shape[0])
    for output in result.indices {
      for y in 0..<height {
        for x in 0..<width {
          var sum = Double(bias.values[output])
          for input in map.indices {
            let first = (output * map.count + input) * 9
            for i in 0..<3 where (0..<height).contains(y + i - 1) {
              for j in 0..<3 where (0..<width).contains(x + j - 1) {
                sum += Double(kernel.values[first + 3 * i + j]) * map[input][y + i - 1][x + j - 1]
              }
            }
          }
          result[output][y][x] = max(sum, 0)
        }
      }
    }
    return result
  }

  /// Of 2×2; an odd row or column at the end is left out, as by `halved`.
  private func maxima(_ map: Map) -> Map {
    squares(map) { max(max($0, $1), max($2, $3)) }
  }

  private func halved(_ map: Map) -> Map {
    squares(map) { ($0 + $1 + $2 + $3) / 4 }
  }

  /// Of each 2×2.
  private func squares(_ map: Map, _ value: (Double, Double, Double, Double) -> Double) -> Map {
    map.map { (plane: [[Double]]) -> [[Double]] in
      var result: [[Double]] = []
      for y in 0..<plane.count / 2 {
        let (upper, lower) = (plane[2 * y], plane[2 * y + 1])
        var row: [Double] = []
        for x in 0..<upper.count / 2 {
          row.append(value(upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]))
        }
        result.append(row)
      }
      return result
    }
  }

  private func range(_ picture: Map) -> Double {
    let samples = picture.flatMap { $0.joined() }
    var sum = 0.0
    for sample in samples { sum += max(sample - 255, 0) + max(-sample, 0) }
    return sum / Double(samples.count) / 255
  }

  private func variation(_ picture: Map) -> Double {
    let (height, width) = (picture[0].count, picture[0][0].count)
    var (across, down) = (0.0, 0.0)
    for plane in picture {
      for y in 0..<height {
        for x in 0..<width {
          if x > 0 { across += (plane[y][x] - plane[y][x - 1]) * (plane[y][x] - plane[y][x - 1]) }
          if y > 0 { down += (plane[y][x] - plane[y - 1][x]) * (plane[y][x] - plane[y - 1][x]) }
        }
      }
    }
    let (pairsAcross, pairsDown) = (Double(height * (width - 1)), Double((height - 1) * width))
    return (across / pairsAcross + down / pairsDown) / (3 * 255 * 255)
  }

  /// What is left of a picture without its mean of 9×9, averaged over whole blocks of 4×4.
  private func lattice(_ picture: Map) -> Double {
    func mirrored(_ position: Int, _ side: Int) -> Int {
      position < 0 ? -position : position >= side ? 2 * (side - 1) - position : position
    }
    var sum = 0.0
    for plane in picture {
      let (height, width) = (plane.count, plane[0].count)
      var pattern = [Double](repeating: 0, count: 16)
      for y in 0..<height / 4 * 4 {
        for x in 0..<width / 4 * 4 {
          var mean = 0.0
          for i in -4...4 {
            for j in -4...4 { mean += plane[mirrored(y + i, height)][mirrored(x + j, width)] / 81 }
          }
          pattern[y % 4 * 4 + x % 4] += (plane[y][x] - mean) / Double((height / 4) * (width / 4))
        }
      }
      for value in pattern { sum += value * value }
    }
    return sum / (255 * 255 * 3 * 16)
  }
}
