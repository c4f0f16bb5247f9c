import Glibc

/// The samples of a line of `sourceCount` that each of `targetCount` is made of, and their weights.
///
/// Lanczos-3: L(x) = sinc(x)·sinc(x/3) for |x| < 3, 0 elsewhere, with sinc(x) = sin(πx)/(πx). Sample
/// t looks at the source around (t + ½)·s, s = sourceCount/targetCount; where the line shrinks the
/// filter is s times as wide. Weights are cut off at the line's ends and then sum to 1. Of a part of
/// the line, a window, s is its length/targetCount, and the places count from its start.
///
/// Turkowski, Filters for Common Resampling Tasks, 1990 (doi:10.1016/B978-0-08-050753-8.50042-5).
package struct LanczosTaps {
  /// The filter's reach to either side, in samples of its own scale.
  package static let reach = 3

  /// The source samples that each target sample looks at.
  let ranges: [Range<Int>]
  /// The weights of the source samples, `stride` apart for each target sample.
  let weights: [Float]
  let stride: Int

  /// - Parameter window: The part of the line that becomes `targetCount` samples, with ends anywhere
  ///   between or within samples; nil for all of it. What is beside it in the line is looked at, too.
  package init(sourceCount: Int, window: Range<Double>? = nil, targetCount: Int) {
    let window = window ?? 0..<Double(sourceCount)
    precondition(
      window.lowerBound >= 0 && window.upperBound <= Double(sourceCount) && !window.isEmpty,
      "window \(window) within 0..<\(sourceCount)")
    let scale = (window.upperBound - window.lowerBound) / Double(targetCount)
    let width = max(scale, 1)
    let support = Double(Self.reach) * width
    let stride = Self.stride(scale: scale)
    var ranges: [Range<Int>] = []
    var weights = [Float](repeating: 0, count: targetCount * stride)
    for target in 0..<targetCount {
      let center = window.lowerBound + (Double(target) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let range = first..<min(sourceCount, Int(center + support + 0.5))
      let values = range.map { lanczos((Double($0) + 0.5 - center) / width) }
      let sum = values.reduce(0, +)
      for (index, value) in values.enumerated() {
        weights[target * stride + index] = Float(value / sum)
      }
      ranges.append(range)
    }
    self.ranges = ranges
    self.weights = weights
    self.stride = stride
  }

  /// The most source samples that one is made of.
  static func stride(sourceCount: Int, targetCount: Int) -> Int {
    stride(scale: Double(sourceCount) / Double(targetCount))
  }

  private static func stride(scale: Double) -> Int {
    2 * Int((Double(reach) * max(scale, 1)).rounded(.up)) + 1
  }

  /// Sets a line of `targetCount` to what becomes of one of `sourceCount`.
  func resize(_ line: [SIMD4<Float>], into target: inout [SIMD4<Float>]) {
    let (line, weights) = (line.span, weights.span)
    var target = target.mutableSpan
    // Checked once, as a check for every tap costs a tenth.
    precondition(
      target.count == ranges.count && line.count >= ranges.last?.upperBound ?? 0,
      "a line of sourceCount becomes one of targetCount")
    for x in target.indices {
      var sum = SIMD4<Float>.zero
      var tap = x * stride
      for from in ranges[x] {
        sum += weights[unchecked: tap] * line[unchecked: from]
        tap += 1
      }
      target[x] = sum
    }
  }
}

private func lanczos(_ x: Double) -> Double {
  if x == 0 { return 1 }
  if abs(x) >= 3 { return 0 }
  let angle = Double.pi * x
  return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
}
