import TestSupport
import WeightFiles

@testable import StyleTraining

/// The loss by its definition, in Double, of pictures `[H][W][3]`: zero padding, biases, ReLUs, 2×2
/// maxima before conv2_1 and conv3_1, and pictures at full, half and quarter size.
struct PlainLoss {
  /// `[C][H · W]`.
  struct Planes {
    var height, width: Int
    var values: [[Double]]
  }

  let file: WeightFile
  /// What the first layer reads is `(x − mean) / deviation`, its channels those colours in turn.
  var mean = [117.0, 117, 117]
  var deviation = 60.0
  var order = [0, 1, 2]

  private var names: [String] {
    ["1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4"].filter {
      file.tensors["conv\($0).weight"] != nil
    }
  }

  /// A network of random numbers that has these channels.
  init(channels: [Int] = [4, 5, 6, 6, 17, 4], seed: UInt64 = 51) {
    var samples = Samples(seed: seed)
    var (tensors, inputs) = ([String: StoredTensor](), 3)
    for (name, outputs) in zip(["1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4"], channels) {
      let size = (3 / Float(inputs * 9)).squareRoot() * 1.4
      tensors["conv\(name).weight"] = StoredTensor(
        shape: [outputs, inputs, 3, 3],
        values: samples.array(outputs * inputs * 9).map { $0 * size })
      tensors["conv\(name).bias"] = StoredTensor(
        shape: [outputs], values: samples.array(outputs).map { $0 * 0.2 })
      inputs = outputs
    }
    file = WeightFile(tensors: tensors)
  }

  /// The features of each layer behind its ReLU, by VGG's digits; relu3_4 is the last there is.
  func features(_ colors: [Double], _ height: Int, _ width: Int) -> [String: Planes] {
    var planes = Planes(
      height: height, width: width,
      values: (0..<3).map { channel in
        (0..<height * width).map {
          (colors[$0 * 3 + order[channel]] - mean[channel]) / deviation
        }
      })
    var features: [String: Planes] = [:]
    for name in names {
      if name == "2_1" || name == "3_1" { planes = maxima(planes) }
      planes = convolved(planes, name)
      features[name] = planes
    }
    features["3_4"] = planes
    return features
  }

  private func maxima(_ planes: Planes) -> Planes {
    let (height, width) = (planes.height / 2, planes.width / 2)
    return Planes(
      height: height, width: width,
      values: planes.values.map { plane in
        (0..<height * width).map {
          let first = $0 / width * 2 * planes.width + $0 % width * 2
          return max(
            max(plane[first], plane[first + 1]),
            max(plane[first + planes.width], plane[first + planes.width + 1]))
        }
      })
  }

  private func convolved(_ planes: Planes, _ name: String) -> Planes {
    let (height, width) = (planes.height, planes.width)
    guard let weights = file.tensors["conv\(name).weight"]?.values,
      let bias = file.tensors["conv\(name).bias"]?.values
    else { return planes }
    let values = bias.indices.map { output in
      var sums = [Double](repeating: Double(bias[output]), count: height * width)
      for (input, plane) in planes.values.enumerated() {
        for tap in 0..<9 {
          let (down, across) = (tap / 3 - 1, tap % 3 - 1)
          let weight = Double(weights[(output * planes.values.count + input) * 9 + tap])
          let (first, last) = (max(0, -across), min(width, width - across))
          guard first < last else { continue }
          sums.withUnsafeMutableBufferPointer { sums in
            plane.withUnsafeBufferPointer { plane in
              // Loops that a debug build runs in a tolerable time.
              var y = max(0, -down)
              let end = min(height, height - down)
              while y < end {
                var target = y &* width &+ first
                let stop = y &* width &+ last
                let step = down &* width &+ across
                while target < stop {
                  sums[target] += weight * plane[target &+ step]
                  target = target &+ 1
                }
                y = y &+ 1
              }
            }
          }
        }
      }
      return sums.map { max($0, 0) }
    }
    return Planes(height: height, width: width, values: values)
  }

  private func gram(_ planes: Planes) -> [Double] {
    planes.values.flatMap { first in
      planes.values.map { second in
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / Double(first.count)
      }
    }
  }

  private func halved(_ colors: [Double], _ height: Int, _ width: Int) -> [Double] {
    (0..<height / 2).flatMap { y in
      (0..<width / 2).flatMap { x in
        (0..<3).map { color in
          func sample(_ row: Int, _ column: Int) -> Double {
            colors[((2 * y + row) * width + 2 * x + column) * 3 + color]
          }
          return (sample(0, 0) + sample(0, 1) + sample(1, 0) + sample(1, 1)) / 4
        }
      }
    }
  }

  /// The Gram matrices `[scales][taps]` of a picture's layers; scales with a side below 4 aren't looked
  /// at.
  func grams(_ colors: [Double], _ height: Int, _ width: Int) -> [[[Double]]] {
    var (colors, height, width) = (colors, height, width)
    var grams: [[[Double]]] = []
    for taps in Self.taps where min(height, width) >= 4 {
      let features = features(colors, height, width)
      grams.append(taps.map { features[$0].map(gram) ?? [] })
      (colors, height, width) = (halved(colors, height, width), height / 2, width / 2)
    }
    return grams
  }

  private static let taps = [
    ["1_1", "2_1", "3_1"], ["2_1", "3_1", "3_4"], ["2_1", "3_1", "3_4"],
  ]

  /// `Σ |G − S|² / |S|²` over scales and taps.
  func style(_ grams: [[[Double]]], _ targets: [[[Double]]]) -> Double {
    zip(grams.joined(), targets.joined()).reduce(0) { sum, pair in
      sum + distance(pair.0, pair.1)
    }
  }

  /// `|F(y) − F(x)|² / |F(x)|²`.
  func content(_ planes: Planes?, _ wanted: Planes?) -> Double {
    distance(Array((planes?.values ?? []).joined()), Array((wanted?.values ?? []).joined()))
  }

  private func distance(_ values: [Double], _ wanted: [Double]) -> Double {
    zip(values, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / wanted.reduce(0) { $0 + $1 * $1 }
  }

  /// All terms of a picture beside a photograph of its size and a painting's Gram matrices.
  func terms(
    of colors: [Double], photograph: [Double], _ height: Int, _ width: Int,
    painting: [[[Double]]]
  ) -> LossTerms {
    LossTerms(
      content: content(
        features(colors, height, width)["2_2"], features(photograph, height, width)["2_2"]),
      style: style(grams(colors, height, width), painting), range: Self.range(colors),
      lattice: Self.lattice(colors, height, width),
      variation: Self.variation(colors, height, width))
  }

  // Without a network

  /// The mean distance outside 0…255, in units of 255.
  static func range(_ colors: [Double]) -> Double {
    colors.reduce(0) { $0 + max($1 - 255, 0) + max(-$1, 0) } / (255 * Double(colors.count))
  }

  /// The mean square difference over pairs across and that over pairs down, in units of 255².
  static func variation(_ colors: [Double], _ height: Int, _ width: Int) -> Double {
    func square(_ a: Int, _ b: Int) -> Double {
      (0..<3).reduce(0) {
        let difference = (colors[a * 3 + $1] - colors[b * 3 + $1]) / 255
        return $0 + difference * difference
      }
    }
    var (across, down) = (0.0, 0.0)
    for y in 0..<height {
      for x in 0..<width {
        if x > 0 { across += square(y * width + x, y * width + x - 1) }
        if y > 0 { down += square(y * width + x, (y - 1) * width + x) }
      }
    }
    func mean(_ sum: Double, _ pairs: Int) -> Double { pairs > 0 ? sum / Double(3 * pairs) : 0 }
    return mean(across, height * (width - 1)) + mean(down, (height - 1) * width)
  }

  /// The mean square, in units of 255², of the 4×4 pattern that `y` less its 9×9 mean with mirrored edges
  /// has on average over all whole blocks.
  static func lattice(_ colors: [Double], _ height: Int, _ width: Int) -> Double {
    func mirrored(_ place: Int, _ side: Int) -> Int {
      var place = place
      while !(0..<side).contains(place) { place = place < 0 ? -place : 2 * (side - 1) - place }
      return place
    }
    let (rows, columns) = (
      (0..<height + 8).map { mirrored($0 - 4, height) },
      (0..<width + 8).map { mirrored($0 - 4, width) }
    )
    let blocks = Double((height / 4) * (width / 4))
    var sum = 0.0
    for color in 0..<3 {
      var pattern = [Double](repeating: 0, count: 16)
      for y in 0..<height / 4 * 4 {
        for x in 0..<width / 4 * 4 {
          var mean = 0.0
          for row in rows[y..<y + 9] {
            for column in columns[x..<x + 9] { mean += colors[(row * width + column) * 3 + color] }
          }
          let fine = colors[(y * width + x) * 3 + color] - mean / 81
          pattern[y % 4 * 4 + x % 4] += fine / blocks
        }
      }
      sum += pattern.reduce(0) { $0 + ($1 / 255) * ($1 / 255) }
    }
    return sum / 48
  }
}
