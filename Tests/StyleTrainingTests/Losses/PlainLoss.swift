import Glibc
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

  /// Of features that zero padding doesn't show in, an eighth of the side left out at most.
  private func gram(_ planes: Planes, _ tap: String) -> [Double] {
    let reach = ["1_1": 1, "2_1": 2, "3_1": 3][tap] ?? names.count - 2
    let margin = min(reach, min(planes.height, planes.width) / 8)
    let values: [[Double]] = planes.values.map { plane in
      (margin..<planes.height - margin).flatMap { y in
        let start = y * planes.width
        return plane[start + margin..<start + planes.width - margin]
      }
    }
    return values.flatMap { first in
      values.map { second in
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
      grams.append(taps.map { tap in features[tap].map { gram($0, tap) } ?? [] })
      (colors, height, width) = (halved(colors, height, width), height / 2, width / 2)
    }
    return grams
  }

  private static let taps = [
    ["2_1", "3_1"], ["1_1", "2_1", "3_1", "3_4"], ["2_1", "3_1", "3_4"],
  ]

  /// `Σ |G − S|² / |S|²` over scales and taps.
  func style(_ grams: [[[Double]]], _ targets: [[[Double]]]) -> Double {
    zip(grams.joined(), targets.joined()).reduce(0) { sum, pair in
      sum + distance(pair.0, pair.1)
    }
  }

  /// `|F(y) − F(x)|² / |F(x)|²`, the mean over relu3_1 at half and relu2_2 at quarter size.
  func content(_ planes: [Planes], _ wanted: [Planes]) -> Double {
    zip(planes, wanted).reduce(0) {
      $0 + distance(Array($1.0.values.joined()), Array($1.1.values.joined()))
    } / Double(planes.count)
  }

  /// What is kept of a photograph.
  func kept(_ colors: [Double], _ height: Int, _ width: Int) -> [Planes] {
    let half = halved(colors, height, width)
    let quarter = halved(half, height / 2, width / 2)
    return [
      features(half, height / 2, width / 2)["3_1"], features(quarter, height / 4, width / 4)["2_2"],
    ].compactMap { $0 }
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
      content: content(kept(colors, height, width), kept(photograph, height, width)),
      style: style(grams(colors, height, width), painting), range: Self.range(colors),
      lattice: Self.lattice(colors, height, width), fine: Self.fine(colors, height, width),
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

  private static func mirrored(_ place: Int, _ side: Int) -> Int {
    guard side > 1 else { return 0 }
    var place = place
    while !(0..<side).contains(place) { place = place < 0 ? -place : 2 * (side - 1) - place }
    return place
  }

  /// The mean square, in units of 255², of what an eleven-sample low pass at 0.22 cycles a pixel under a
  /// Hamming window, across and down with mirrored edges, takes away.
  static func fine(_ colors: [Double], _ height: Int, _ width: Int) -> Double {
    var taps = (-5...5).map { k in
      let angle = 0.44 * Double.pi * Double(k)
      return (k == 0 ? 0.44 : 0.44 * sin(angle) / angle) * (0.54 + 0.46 * cos(.pi * Double(k) / 5))
    }
    let whole = taps.reduce(0, +)
    taps = taps.map { $0 / whole }
    var across = colors
    for y in 0..<height {
      for x in 0..<width {
        for color in 0..<3 {
          across[(y * width + x) * 3 + color] = (-5...5).reduce(0) {
            $0 + taps[$1 + 5] * colors[(y * width + mirrored(x + $1, width)) * 3 + color]
          }
        }
      }
    }
    var sum = 0.0
    for y in 0..<height {
      for x in 0..<width {
        for color in 0..<3 {
          let low = (-5...5).reduce(0) {
            $0 + taps[$1 + 5] * across[(mirrored(y + $1, height) * width + x) * 3 + color]
          }
          let fine = (colors[(y * width + x) * 3 + color] - low) / 255
          sum += fine * fine
        }
      }
    }
    return sum / Double(colors.count)
  }

  /// The mean square, in units of 255², of the 4×4 pattern that `y` less its 9×9 mean with mirrored edges
  /// has on average over all whole blocks.
  static func lattice(_ colors: [Double], _ height: Int, _ width: Int) -> Double {
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
