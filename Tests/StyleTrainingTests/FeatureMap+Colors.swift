import Tensors
import TestSupport

@testable import StyleTraining

extension FeatureMap {
  /// A picture of random colours, some of them beyond black and white.
  static func picture(
    height: Int, width: Int, in range: ClosedRange<Float> = -40...300, seed: UInt64 = 1
  ) -> FeatureMap {
    var samples = Samples(seed: seed)
    return picture(
      (0..<height * width * 3).map { _ in Double(samples.next(in: range)) }, height: height,
      width: width)
  }

  /// A picture of colours `[H][W][3]`.
  static func picture(_ colors: [Double], height: Int, width: Int) -> FeatureMap {
    let map = pixels(height: height, width: width)
    map.setPixels { y, x in
      let first = (y * width + x) * 3
      return Pixel(
        Float(colors[first]), Float(colors[first + 1]), Float(colors[first + 2]), 0)
    }
    return map
  }

  /// A picture's colours `[H][W][3]`.
  var colors: [Double] {
    (0..<height).flatMap { y in
      (0..<width).flatMap { x in (0..<3).map { Double(pixelRow(y)[x][$0]) } }
    }
  }
}

/// The slope of a function of many numbers by one of them, by central differences.
func slope(
  of function: ([Double]) -> Double, at numbers: [Double], by index: Int, step: Double
) -> Double {
  var (less, more) = (numbers, numbers)
  less[index] -= step
  more[index] += step
  return (function(more) - function(less)) / (2 * step)
}

/// The first, the last and some numbers between, of `count`.
func some(of count: Int, every step: Int) -> [Int] {
  Array(stride(from: 0, to: count - 1, by: step)) + [count - 1]
}
