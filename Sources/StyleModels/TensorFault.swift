/// A tensor that isn't what a network asks for.
public enum TensorFault: Equatable, Sendable, CustomStringConvertible {
  case missing(String, expected: [Int])
  case surplus(String, found: [Int])
  case misshaped(String, expected: [Int], found: [Int])

  public var description: String {
    switch self {
    case .missing(let name, let expected): "\(name): missing, expected \(expected)"
    case .surplus(let name, let found): "\(name): surplus, found \(found)"
    case .misshaped(let name, let expected, let found):
      "\(name): expected \(expected), found \(found)"
    }
  }

  /// All faults of tensors of these `shapes`: first by the order of `expected`, then surplus ones by name.
  ///
  /// - Complexity: O(*n* log *n*) in tensors.
  public static func faults(
    in shapes: [String: [Int]], expected: [(name: String, shape: [Int])]
  ) -> [TensorFault] {
    var surplus = shapes
    var faults: [TensorFault] = []
    for (name, shape) in expected {
      if let found = surplus.removeValue(forKey: name) {
        if found != shape { faults.append(.misshaped(name, expected: shape, found: found)) }
      } else {
        faults.append(.missing(name, expected: shape))
      }
    }
    return faults
      + surplus.sorted { $0.key < $1.key }.map { .surplus($0.key, found: $0.value) }
  }
}
