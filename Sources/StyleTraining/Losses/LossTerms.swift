/// What a loss is made of, each term relative to the target's own energy.
public struct LossTerms: Equatable, Sendable {
  /// |F(y) − F(x)|² / |F(x)|² for the features F, the mean over the content's places.
  public var content: Double
  /// Σ |G(y) − G(s)|² / |G(s)|² over scales and layers, for Gram matrices G.
  public var style: Double
  /// The mean distance outside 0…255, in units of 255.
  public var range: Double
  /// The mean square of the 4×4 pattern that the fine part of y shows on average, in units of 255².
  public var lattice: Double
  /// The mean square of what is finer than four and a half pixels, in units of 255².
  public var fine: Double
  /// The mean square difference of neighbours, in units of 255².
  public var variation: Double

  public init(
    content: Double = 0, style: Double = 0, range: Double = 0, lattice: Double = 0,
    fine: Double = 0, variation: Double = 0
  ) {
    self.content = content
    self.style = style
    self.range = range
    self.lattice = lattice
    self.fine = fine
    self.variation = variation
  }

  /// The terms, in the order of `init`.
  var values: [Double] { [content, style, range, lattice, fine, variation] }

  /// - Parameter values: As many as there are terms, in the order of `init`.
  init?(_ values: [Double]) {
    guard values.count == LossTerms().values.count else { return nil }
    self.init(
      content: values[0], style: values[1], range: values[2], lattice: values[3],
      fine: values[4], variation: values[5])
  }

  /// Whether every term is a number.
  var isFinite: Bool { values.allSatisfy(\.isFinite) }

  /// Adds a share of other terms to this share of these.
  mutating func mix(_ other: LossTerms, share: Double) {
    func mix(_ term: inout Double, _ other: Double) { term += share * (other - term) }
    mix(&content, other.content)
    mix(&style, other.style)
    mix(&range, other.range)
    mix(&lattice, other.lattice)
    mix(&fine, other.fine)
    mix(&variation, other.variation)
  }

  /// The mean of several.
  package static func mean(_ terms: [LossTerms]) -> LossTerms {
    var mean = LossTerms()
    for (index, term) in terms.enumerated() { mean.mix(term, share: 1 / Double(index + 1)) }
    return mean
  }
}

/// What each term counts: `total = Σ weight · term`.
public struct LossWeights: Equatable, Sendable {
  public var content = 1.0
  public var style = 3.0
  public var range = 1.0
  public var lattice = 200.0
  public var fine = 100.0
  public var variation = 0.0

  public init() {}

  /// The same weights, all times a factor.
  func scaled(by factor: Double) -> LossWeights {
    var weights = self
    weights.content *= factor
    weights.style *= factor
    weights.range *= factor
    weights.lattice *= factor
    weights.fine *= factor
    weights.variation *= factor
    return weights
  }

  /// The weighted sum of the terms.
  public func total(_ terms: LossTerms) -> Double {
    content * terms.content + style * terms.style + range * terms.range + lattice * terms.lattice
      + fine * terms.fine + variation * terms.variation
  }
}
