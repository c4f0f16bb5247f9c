/// One number an image, in a byte each: `low + level · step`.
///
/// The step is 1/254 of the spread between the images, so that a value is off by at most 1/508 of
/// it. Where the images are as good as equal there are no levels, and all have the middle of
/// the spread. Level 255 is no number.
struct QuantizedChannel: Equatable {
  var low: Float
  /// The distance between two levels, 0 where there are none.
  var step: Float = 0
  var levels: [UInt8] = []

  /// - Parameter resolution: The spread that is as good as none.
  init(_ values: [Float], resolution: Double) {
    guard let range = values.finiteRange else {
      low = .nan
      return
    }
    let origin = Double(range.lowerBound)
    let spread = Double(range.upperBound) - origin
    let isConstant = spread <= resolution || Float(spread / 254) == 0
    guard !isConstant || !values.allSatisfy(\.isFinite) else {
      low = Float(origin + spread / 2)
      return
    }
    low = range.lowerBound
    step = isConstant ? 1 : Float(spread / 254)
    let unit = Double(step)
    levels = values.map { value in
      guard value.isFinite else { return 255 }
      return UInt8(min(((Double(value) - origin) / unit).rounded(), 254))
    }
  }
}

extension Sequence<Float> {
  /// The range from the least to the greatest, infinities and NaN left out.
  var finiteRange: ClosedRange<Float>? {
    var (least, greatest) = (Float.infinity, -Float.infinity)
    for value in self where value.isFinite {
      least = Swift.min(least, value)
      greatest = Swift.max(greatest, value)
    }
    return least <= greatest ? least...greatest : nil
  }
}
