import WeightFiles

/// Reads a style's metadata, noting each fault and going on.
struct MetadataReader {
  static let formatVersion = 1

  private let metadata: [String: String]
  private(set) var faults: [StyleModelError.Fault] = []

  /// - Throws: `StyleModelError.notAStyle` where the metadata has no key of this program's, and
  ///   `.newerFormat`.
  init(of metadata: [String: String]) throws(StyleModelError) {
    self.init(metadata)
    let keys = Set(MetadataKey.allCases.map(\.rawValue))
    if keys.isDisjoint(with: metadata.keys) { throw .notAStyle }
    try checkVersion()
  }

  init(_ metadata: [String: String]) {
    self.metadata = metadata
  }

  /// All that the metadata tells beside what means something to this program.
  var card: [String: String] {
    metadata.filter { MetadataKey(rawValue: $0.key) == nil }
  }

  /// The file's kind; those from before there were several are networks.
  mutating func kind() -> FileKind {
    guard metadata[MetadataKey.kind.rawValue] != nil else { return .network }
    return choice(.kind) ?? .network
  }

  /// The value of `key` as `parse` understands it; where that gives `nil`, a fault says what is
  /// `expected`.
  private mutating func read<Value>(
    _ key: MetadataKey, expected: String, _ parse: (String) -> Value?
  ) -> Value? {
    guard let text = metadata[key.rawValue] else {
      faults.append(.missingKey(key.rawValue))
      return nil
    }
    guard let value = parse(text) else {
      faults.append(.invalidValue(key: key.rawValue, found: text, expected: expected))
      return nil
    }
    return value
  }

  /// As `read`; nil without a fault where the key isn't there.
  private mutating func readIfPresent<Value>(
    _ key: MetadataKey, expected: String, _ parse: (String) -> Value?
  ) -> Value? {
    metadata[key.rawValue] == nil ? nil : read(key, expected: expected, parse)
  }

  /// Digits alone: no sign, no space.
  private mutating func integer(_ key: MetadataKey, in range: ClosedRange<Int>) -> Int? {
    read(key, expected: "an integer in \(range)") { number($0, in: range) }
  }

  private mutating func choice<Value: RawRepresentable & CaseIterable>(_ key: MetadataKey) -> Value?
  where Value.RawValue == String {
    choice(key, of: Array(Value.allCases))
  }

  private mutating func choice<Value: RawRepresentable>(
    _ key: MetadataKey, of values: [Value]
  ) -> Value? where Value.RawValue == String {
    let known = values.map(\.rawValue).joined(separator: ", ")
    return read(key, expected: values.count == 1 ? known : "one of \(known)") { text in
      values.first { $0.rawValue == text }
    }
  }

  mutating func text(_ key: MetadataKey) -> String? {
    read(key, expected: "a text") { $0.isEmpty ? nil : $0 }
  }

  /// The format's version where it is this program's.
  ///
  /// - Throws: `StyleModelError.newerFormat`.
  mutating func checkVersion() throws(StyleModelError) {
    let version = integer(.formatVersion, in: 1...Int.max)
    if let version, version > Self.formatVersion {
      throw .newerFormat(found: version, supported: Self.formatVersion)
    }
  }

  /// The network, or `nil` where its layers can't be told.
  ///
  /// With other values at fault the description has their defaults: the faults keep it from
  /// being used, and the tensors can still be checked against it.
  ///
  /// - Parameter withNorm: Whether the file says which norm; else it is left to whoever uses it.
  mutating func network(withNorm: Bool = true) -> NetworkDescription? {
    // What comes behind a base's last convolution would do something to the styles' colours.
    let architecture = choice(
      .architecture, of: withNorm ? Architecture.Name.allCases : [.fastNeuralStyle])
    let width = integer(.width, in: Architecture.widths)
    let blocks = integer(.residualBlocks, in: Architecture.residualBlockCounts)
    var plan: Architecture?
    switch architecture {
    case .fastStyleTransfer:
      if let width, let blocks {
        plan = .fastStyleTransfer(FastStyleTransfer(width: width, residualBlocks: blocks))
      }
    case .fastNeuralStyle, nil:
      let padding: LayerDescription.Padding.Kind? = choice(.padding)
      let upsampling: FastNeuralStyle.Upsampling? = choice(.upsampling)
      let activation: FastNeuralStyle.OutputActivation? = choice(.outputActivation)
      if let width, let blocks {
        plan = .fastNeuralStyle(
          FastNeuralStyle(
            width: width, residualBlocks: blocks, padding: padding ?? .reflection,
            upsampling: upsampling ?? .nearest, outputActivation: activation ?? .identity))
      }
    }
    let (norm, groups) = withNorm ? normalization() : (.instance, 4)
    let epsilon = read(.epsilon, expected: "a number above 0, at most 1") { text in
      finite(text).flatMap { NetworkDescription.isValid(epsilon: $0) ? $0 : nil }
    }
    let inputRange = read(.inputRange, expected: "two rising numbers, as in 0,255", range)
    return plan.map {
      NetworkDescription(
        $0, norm: norm, groups: groups, epsilon: epsilon ?? 1e-5, inputRange: inputRange ?? 0...255)
    }
  }

  /// The norm and its groups; values at fault have their defaults.
  mutating func normalization() -> (norm: Norm, groups: Int) {
    let norm: Norm? = choice(.norm)
    let groups = integer(.groups, in: 1...4 * Architecture.widths.upperBound)
    return (norm ?? .instance, groups ?? 1)
  }

  /// The base that a style is made for.
  mutating func base() -> BaseModel.Reference? {
    let name = read(.base, expected: "a file's name without its directory") { text in
      text.isEmpty || text.contains("/") || text.hasPrefix(".") ? nil : text
    }
    let digest = read(.baseDigest, expected: "64 hexadecimal digits") { text in
      text.count == 64 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase } ? text : nil
    }
    guard let name, let digest else { return nil }
    return BaseModel.Reference(name: name, digest: digest)
  }

  /// The advice on how to paint, as far as the file gives any.
  mutating func advice() -> PaintingAdvice {
    let (sizes, grains, margins) = (
      PaintingAdvice.bestSizes, PaintingAdvice.grains, PaintingAdvice.margins
    )
    return PaintingAdvice(
      bestSize: readIfPresent(.bestSize, expected: "an integer in \(sizes)") {
        number($0, in: sizes)
      },
      grain: readIfPresent(.grain, expected: "a number in \(grains)") { text in
        finite(text).flatMap { grains.contains($0) ? $0 : nil }
      } ?? 0,
      margin: readIfPresent(.margin, expected: "an integer in \(margins)") {
        number($0, in: margins)
      } ?? 0)
  }
}

private func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
  guard text.utf8.allSatisfy({ 48...57 ~= $0 }), let value = Int(text) else { return nil }
  return range.contains(value) ? value : nil
}

private func finite(_ text: String) -> Double? {
  guard let value = Double(text), value.isFinite else { return nil }
  return value
}

private func range(_ text: String) -> ClosedRange<Double>? {
  let bounds = text.split(separator: ",", omittingEmptySubsequences: false).map {
    finite(String($0))
  }
  guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low < high else { return nil }
  return low...high
}
