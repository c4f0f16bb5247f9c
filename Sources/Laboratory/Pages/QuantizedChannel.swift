/// One number an image, in a byte each: `low + level · step`.
///
/// The step is 1/254 of the spread between the images, so that a value is off by at most 1/508 of
/// it. Where the images are as good as equal there are no levels, and all have the middle of
/// the spread. Level 255 is no number.
struct QuantizedChannel: Equatable {
  var low: Float
  /// 0 where there are no levels.
  var step: Float = 0
  var levels: [UInt8] = []

  /// - Parameter resolution: The spread that is as good as none.
  init(_ values: some Collection<Float>, resolution: Double) {
    let numbers = values.lazy.filter(\.isFinite).map(Double.init)
    guard let least = numbers.min(), let greatest = numbers.max() else {
      low = .nan
      return
    }
    let hasGaps = !values.allSatisfy(\.isFinite)
    let spread = greatest - least
    low = Float(least)
    step = spread > resolution ? Float(spread / 254) : 0
    if step == 0, !hasGaps {
      low = Float(least + spread / 2)
      return
    }
    if step == 0 { step = 1 }
    let (origin, unit) = (Double(low), Double(step))
    levels = values.map { value in
      guard value.isFinite else { return 255 }
      return UInt8(min(max(((Double(value) - origin) / unit).rounded(), 0), 254))
    }
  }
}
