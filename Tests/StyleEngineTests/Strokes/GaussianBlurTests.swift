import Foundation
import TestSupport
import Testing

@testable import StyleEngine

@Suite struct GaussianBlurTests {
  /// The rows that come out, each asked for as soon as it is ready or so many rows later.
  private func blurred(
    _ samples: [Float], width: Int, height: Int, channels: Int, sigma: Double, lag: Int = 0
  ) -> [Float] {
    var blur = GaussianBlur(
      sigma: sigma, width: width, height: height, channels: channels, lag: lag)
    let count = width * channels
    var result: [Float] = []
    var row = [Float](repeating: .nan, count: count)
    for y in 0..<height {
      blur.add(Array(samples[y * count..<(y + 1) * count]).span)
      let ready = y == height - 1 ? height : max(0, min(blur.rowsReady, y + 1 - lag))
      while result.count < ready * count {
        blur.blur(result.count / count, into: &row)
        result += row
      }
    }
    return result
  }

  /// By the definition, over the picture mirrored without end.
  private func expected(
    _ samples: [Float], width: Int, height: Int, channels: Int, sigma: Double
  ) -> [Double] {
    let radius = Int((3 * sigma).rounded(.up))
    let weights = (-radius...radius).map {
      sigma > 0 ? exp(-0.5 * Double($0 * $0) / (sigma * sigma)) : 1
    }
    let sum = weights.reduce(0, +)
    func mirrored(_ position: Int, _ side: Int) -> Int {
      var position = position
      while !(0..<side).contains(position) {
        position = position < 0 ? -1 - position : 2 * side - 1 - position
      }
      return position
    }
    var result: [Double] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          var value = 0.0
          for (dy, down) in zip(-radius...radius, weights) {
            for (dx, across) in zip(-radius...radius, weights) {
              let from = mirrored(y + dy, height) * width + mirrored(x + dx, width)
              value += down * across * Double(samples[from * channels + channel])
            }
          }
          result.append(value / (sum * sum))
        }
      }
    }
    return result
  }

  /// Sides below, at and above the window, and smaller than what stands mirrored beside them.
  @Test(
    arguments: [(1, 1), (3, 2), (7, 30), (40, 13), (13, 14), (5, 60)],
    [(0.0, 1), (0.6, 1), (1.5, 3), (4.2, 2)])
  func rowsAreThoseOfTheDefinition(_ size: (Int, Int), _ kind: (Double, Int)) {
    let ((width, height), (sigma, channels)) = (size, kind)
    var samples = Samples(seed: 7)
    let picture = samples.array(width * height * channels).map { 128 + 100 * $0 }
    let found = blurred(
      picture, width: width, height: height, channels: channels, sigma: sigma)
    let right = expected(picture, width: width, height: height, channels: channels, sigma: sigma)
    #expect(found.count == right.count)
    #expect(zip(found, right).allSatisfy { abs(Double($0) - $1) < 2e-4 })
    let late = blurred(
      picture, width: width, height: height, channels: channels, sigma: sigma, lag: 9)
    #expect(late == found)
  }

  @Test func aConstantStaysOne() {
    let found = blurred(
      [Float](repeating: 200, count: 30 * 20), width: 30, height: 20, channels: 1, sigma: 3)
    #expect(found.allSatisfy { abs($0 - 200) < 1e-4 })
  }
}
