/// The largest difference between two sets of samples; infinite where their counts differ or one is
/// no number.
///
/// - Parameter matchingNaNs: Whether two samples at the same place that both are no number agree.
public func largestDifference(
  _ a: [Float], _ b: [Float], matchingNaNs: Bool = false
) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    if matchingNaNs, pair.0.isNaN, pair.1.isNaN { return worst }
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
