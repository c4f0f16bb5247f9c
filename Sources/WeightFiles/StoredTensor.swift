/// A tensor as a file holds it: a shape, and values in row-major order (the last index fastest).
public struct StoredTensor: Equatable, Sendable {
  /// The extents, outermost first; `[]` is a scalar.
  public var shape: [Int]
  /// The values, as many as the product of `shape`.
  public var values: [Float]

  /// - Precondition: `values.count` is the product of `shape`.
  public init(shape: [Int], values: [Float]) {
    precondition(elementCount(shape) == values.count, "shape \(shape), \(values.count) values")
    self.shape = shape
    self.values = values
  }
}

/// The product of `shape`, or `nil` where an extent is negative or the product overflows.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    if extent < 0 || overflow { return nil }
    count = product
  }
  return count
}
