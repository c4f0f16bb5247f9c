/// The style's own among a network's numbers: all but the convolutions, which many styles can
/// share.
///
/// Paper: Dumoulin, Shlens and Kudlur 2017, arXiv:1610.07629: gamma and beta of each norm make a
/// style, and a mixture of two styles' numbers is a style between them.
public struct StyleParameters: Equatable, Sendable {
  /// One norm's numbers, `[C]` each.
  public struct Norm: Equatable, Sendable {
    public var gamma: [Float]
    public var beta: [Float]
    /// The statistics for `Norm.batch`; nil where there are none.
    public var stored: StoredStatistics?

    public init(gamma: [Float], beta: [Float], stored: StoredStatistics? = nil) {
      self.gamma = gamma
      self.beta = beta
      self.stored = stored
    }
  }

  /// The mean and biased variance of each channel of a convolution's output with its bias.
  public struct StoredStatistics: Equatable, Sendable {
    public var mean: [Float]
    public var variance: [Float]

    public init(mean: [Float], variance: [Float]) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// The norms' numbers, in the order of the layers that have one.
  public var norms: [Norm]
  /// The 3×3 matrix that the last convolution's red, green and blue are multiplied with, row by row;
  /// nil for the identity.
  public var colorMatrix: [Float]?
  /// The numbers added to the last convolution's channels behind the matrix, `[O]`: its bias.
  public var colorShift: [Float]

  public init(norms: [Norm], colorMatrix: [Float]? = nil, colorShift: [Float]) {
    precondition(colorMatrix.map { $0.count == 9 } ?? true, "a colour matrix is 3×3")
    self.norms = norms
    self.colorMatrix = colorMatrix
    self.colorShift = colorShift
  }

  /// Whether every norm has statistics for `Norm.batch`.
  public var hasStoredStatistics: Bool { norms.allSatisfy { $0.stored != nil } }

  /// A style between styles: every number is the weighted mean of theirs, the weights brought to a
  /// sum of 1. A style of weight 0 has no part in it, so that weights of 1 and 0 give the first to
  /// the bit; where one of the others has no stored statistics, neither has the mixture.
  ///
  /// - Precondition: All are of one network, no weight is negative, and one is above 0.
  public static func mixture(_ parts: [(parameters: StyleParameters, weight: Double)])
    -> StyleParameters
  {
    precondition(parts.allSatisfy { $0.weight >= 0 }, "no weight is negative")
    let parts = parts.filter { $0.weight > 0 }
    let sum = parts.reduce(0) { $0 + $1.weight }
    precondition(sum > 0 && sum.isFinite, "a weight is above 0")
    guard parts.count > 1 else { return parts[0].parameters }
    func mixed(_ values: (StyleParameters) -> [Float]) -> [Float] {
      let all = parts.map { values($0.parameters) }
      precondition(all.allSatisfy { $0.count == all[0].count }, "all are of one network")
      return all[0].indices.map { index in
        Float(zip(all, parts).reduce(0) { $0 + Double($1.0[index]) * ($1.1.weight / sum) })
      }
    }
    func mixedIfAll(_ values: (StyleParameters) -> [Float]?) -> [Float]? {
      parts.contains { values($0.parameters) == nil } ? nil : mixed { values($0) ?? [] }
    }
    let hasMatrix = parts.contains { $0.parameters.colorMatrix != nil }
    return StyleParameters(
      norms: parts[0].parameters.norms.indices.map { norm in
        let mean = mixedIfAll { $0.norms[norm].stored?.mean }
        let variance = mixedIfAll { $0.norms[norm].stored?.variance }
        return Norm(
          gamma: mixed { $0.norms[norm].gamma }, beta: mixed { $0.norms[norm].beta },
          stored: mean.flatMap { mean in variance.map { .init(mean: mean, variance: $0) } })
      },
      colorMatrix: hasMatrix ? mixed { $0.colorMatrix ?? identityMatrix } : nil,
      colorShift: mixed(\.colorShift))
  }

  private static let identityMatrix: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
}
