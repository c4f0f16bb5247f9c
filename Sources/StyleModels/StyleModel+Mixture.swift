extension StyleModel {
  /// A style between styles (`StyleParameters.mixture`): parameter by parameter the weighted mean, the
  /// weights brought to a sum of 1. Size and grain are mixed likewise, the margin is the largest. With
  /// all the weight on one style it is that one, by its name.
  ///
  /// - Throws: `StyleModelError.unmixable` where they don't share a base or a norm.
  /// - Precondition: No weight is negative, and one is above 0.
  public static func mixture(_ parts: [(style: StyleModel, weight: Double)], name: String)
    throws(StyleModelError) -> StyleModel
  {
    let first = parts[0].style
    for (style, _) in parts.dropFirst() {
      guard let base = first.base, base.digest == style.base?.digest else {
        throw .unmixable(
          first.name, style.name, .base(first.base?.reference, style.base?.reference))
      }
      let (norm, other) = (first.description.norm, style.description.norm)
      guard norm == other, first.description.groups == style.description.groups else {
        throw .unmixable(first.name, style.name, .norm(norm, other))
      }
    }
    // By the largest first, as the sum of large ones is past any number.
    let largest = parts.map(\.weight).max() ?? 1
    let sum = parts.reduce(0) { $0 + $1.weight / largest }
    let shares = parts.map { (style: $0.style, share: $0.weight / largest / sum) }
      .filter { $0.share > 0 }
    guard shares.count > 1, let base = first.base else {
      return shares[0].style
    }
    let sizes = shares.compactMap { style, share in
      style.advice.bestSize.map { Double($0) * share }
    }
    let advice = PaintingAdvice(
      bestSize: sizes.count == shares.count ? Int(sizes.reduce(0, +).rounded()) : nil,
      grain: shares.reduce(0) { $0 + $1.style.advice.grain * $1.share },
      margin: shares.map(\.style.advice.margin).max() ?? 0)
    return try StyleModel(
      name: name, .mixture(shares.map { ($0.style.parameters, $0.share) }), on: base,
      norm: first.description.norm, groups: first.description.groups, advice: advice,
      licence: Set(shares.map(\.style.licence)).sorted().joined(separator: ", "),
      training: "a mixture")
  }
}
