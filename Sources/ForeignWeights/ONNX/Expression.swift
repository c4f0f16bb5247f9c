/// A sum of products of maps, their statistics and vectors: what a graph computes between two
/// layers, whichever way it puts it.
///
/// A norm is `x·s·γ − m·s·γ + β`, m the mean, s one over the deviation. `(x − m) / d · γ + β`,
/// `x·(γ/d) + (β − m·γ/d)` and a variance as mean of `(x − m)²`, of `(x − m)·(x − m + 1e-9)` or as
/// `mean(x²) − m²` all come down to the same sum.
struct Expression: Hashable {
  /// The samples that a statistic is taken over.
  struct Extent: Hashable {
    /// Batch, height, width: 0, 2, 3.
    var axes: Set<Int>
    /// Neighbouring channels.
    var channels = 1

    func contains(_ other: Extent) -> Bool {
      other.axes.isSubset(of: axes) && channels.isMultiple(of: other.channels)
    }

    /// The samples that a mean over both, one after the other, is one of.
    func joined(with other: Extent) -> Extent? {
      let larger = max(channels, other.channels)
      guard larger.isMultiple(of: channels), larger.isMultiple(of: other.channels) else {
        return nil
      }
      return Extent(axes: axes.union(other.axes), channels: larger)
    }
  }

  enum Factor: Hashable {
    case map(Int)
    case mean(Int, Extent)
    /// The mean of squares.
    case power(Int, Extent)
    /// The square root of a variance and epsilon.
    case deviation(Int, Extent, epsilon: Double)
    /// A number for each channel.
    case vector(Int)

    var map: Int? {
      switch self {
      case .map(let map), .mean(let map, _), .power(let map, _), .deviation(let map, _, _): map
      case .vector: nil
      }
    }
  }

  /// Factors and their exponents, none of them 0.
  typealias Product = [Factor: Int]

  /// The terms by their products, none of them 0.
  private(set) var terms: [Product: Double]

  // Far beyond what a norm takes.
  private static let termLimit = 16
  private static let factorLimit = 8

  private init(terms: [Product: Double]) {
    self.terms = terms.filter { $0.value != 0 }
  }

  init(_ value: Double) { self.init(terms: [[:]: value]) }
  init(_ factor: Factor) { self.init(terms: [[factor: 1]: 1]) }

  /// The maps that it is made of.
  var maps: Set<Int> { Set(terms.keys.flatMap { $0.keys.compactMap(\.map) }) }

  /// Its map where it is nothing but one.
  var map: Int? {
    guard terms.count == 1, let (product, value) = terms.first, value == 1, product.count == 1,
      case .map(let map) = product.keys.first, product.values.first == 1
    else { return nil }
    return map
  }

  static func + (a: Expression, b: Expression) -> Expression? {
    let sum = Expression(terms: a.terms.merging(b.terms, uniquingKeysWith: +))
    return sum.terms.count <= termLimit ? sum : nil
  }

  static prefix func - (a: Expression) -> Expression {
    Expression(terms: a.terms.mapValues { -$0 })
  }

  static func * (a: Expression, b: Expression) -> Expression? {
    var terms: [Product: Double] = [:]
    for (product, value) in a.terms {
      for (other, factor) in b.terms {
        let product = product.merging(other, uniquingKeysWith: +).filter { $0.value != 0 }
        guard product.values.reduce(0, { $0 + abs($1) }) <= factorLimit else { return nil }
        terms[product, default: 0] += value * factor
      }
    }
    return terms.count <= termLimit ? Expression(terms: terms) : nil
  }

  /// One over it; nil where it is a sum.
  var reciprocal: Expression? {
    guard terms.count == 1, let (product, value) = terms.first else { return nil }
    return Expression(terms: [product.mapValues { -$0 }: 1 / value])
  }

  /// The mean over `extent`; nil where that is no statistic of a map.
  func mean(over extent: Extent) -> Expression? {
    var result = Expression(terms: [:])
    for (product, value) in terms {
      guard let mean = Self.mean(of: product, over: extent),
        let sum = result + Expression(terms: [mean: value])
      else { return nil }
      result = sum
    }
    return result
  }

  private static func mean(of product: Product, over extent: Extent) -> Product? {
    // The mean of a product is that of its only factor that isn't the same all over.
    let varying = product.filter { $0.key.varies(over: extent) }
    guard let (factor, exponent) = varying.first else { return product }
    guard varying.count == 1, let mean = factor.mean(over: extent, exponent: exponent) else {
      return nil
    }
    var result = product
    result[factor] = nil
    result[mean, default: 0] += 1
    return result
  }

  /// The square root where it is a variance and epsilon, the variance times 1.
  var squareRoot: Expression? {
    var rest = terms
    let epsilon = rest.removeValue(forKey: [:]) ?? 0
    let power = rest.first { product, _ in
      if case .power = product.keys.first { true } else { false }
    }
    guard rest.count == 2, let (product, scale) = power, product.count == 1,
      product.values.first == 1, case .power(let map, let extent) = product.keys.first,
      let square = rest[[.mean(map, extent): 2]], epsilon >= 0,
      abs(scale - 1) < 1e-6, abs(square + 1) < 1e-6
    else { return nil }
    return Expression(.deviation(map, extent, epsilon: epsilon))
  }
}

extension Expression.Factor {
  fileprivate func varies(over extent: Expression.Extent) -> Bool {
    switch self {
    case .map: true
    case .mean(_, let own), .power(_, let own), .deviation(_, let own, _): !own.contains(extent)
    case .vector: extent.channels > 1
    }
  }

  /// The mean of its power of `exponent`; nil where that is no statistic of a map.
  fileprivate func mean(over extent: Expression.Extent, exponent: Int) -> Self? {
    switch (self, exponent) {
    case (.map(let map), 1): .mean(map, extent)
    case (.map(let map), 2): .power(map, extent)
    case (.mean(let map, let own), 1): own.joined(with: extent).map { .mean(map, $0) }
    case (.power(let map, let own), 1): own.joined(with: extent).map { .power(map, $0) }
    default: nil
    }
  }
}

extension Expression {
  /// The number that it is; nil for others.
  var constant: Double? {
    terms.isEmpty ? 0 : terms.count == 1 ? terms[[:]] : nil
  }

  /// The sum as `factor · (x − mean) / deviation + offset`, or as `factor · x + offset` where there is
  /// no deviation: what is left of each, a map among it where it isn't of that kind.
  var parts: (factor: Expression, deviation: Factor?, offset: Expression) {
    var (factor, offset): ([Product: Double], [Product: Double]) = ([:], [:])
    let deviation = terms.keys.lazy.flatMap { $0.keys }.first { factor in
      if case .deviation = factor { true } else { false }
    }
    var mean: [Product: Double] = [:]
    for (product, value) in terms {
      var rest = product
      if let deviation, let exponent = rest.removeValue(forKey: deviation), exponent == -1,
        case .deviation(let map, let extent, _) = deviation
      {
        if rest.removeValue(forKey: .map(map)) == 1 {
          factor[rest] = value
          continue
        } else if rest.removeValue(forKey: .mean(map, extent)) == 1 {
          mean[rest] = -value
          continue
        }
      } else if deviation == nil, case .map(let map) = rest.keys.first(where: { $0.map != nil }),
        rest.removeValue(forKey: .map(map)) == 1
      {
        factor[rest] = value
        continue
      }
      offset[product] = value
    }
    if deviation != nil, factor != mean { offset.merge(terms) { $1 } }
    return (Expression(terms: factor), deviation, Expression(terms: offset))
  }
}
