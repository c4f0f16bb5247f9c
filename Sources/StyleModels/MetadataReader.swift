/// Reads a style's metadata, noting each fault and going on.
struct MetadataReader {
  static let formatVersion = 1
  static let architecture = "fast-neural-style"

  private let metadata: [String: String]
  private(set) var faults: [StyleModelError.Fault] = []

  init(_ metadata: [String: String]) {
    self.metadata = metadata
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

  /// Digits alone: no sign, no space.
  private mutating func integer(_ key: MetadataKey, in range: ClosedRange<Int>) -> Int? {
    read(key, expected: "an integer in \(range)") { text in
      guard text.utf8.allSatisfy({ 48...57 ~= $0 }), let value = Int(text) else { return nil }
      return range.contains(value) ? value : nil
    }
  }

  private mutating func choice<Value: RawRepresentable & CaseIterable>(_ key: MetadataKey) -> Value?
  where Value.RawValue == String {
    let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return read(key, expected: "one of \(known)", Value.init(rawValue:))
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
  mutating func network() -> NetworkDescription? {
    let _: Void? = read(.architecture, expected: Self.architecture) {
      $0 == Self.architecture ? () : nil
    }
    let width = integer(.width, in: FastNeuralStyle.widths)
    let blocks = integer(.residualBlocks, in: FastNeuralStyle.residualBlockCounts)
    let padding: LayerDescription.Padding.Kind? = choice(.padding)
    let upsampling: FastNeuralStyle.Upsampling? = choice(.upsampling)
    let activation: FastNeuralStyle.OutputActivation? = choice(.outputActivation)
    let norm: Norm? = choice(.norm)
    let groups = integer(.groups, in: 1...4 * FastNeuralStyle.widths.upperBound)
    let epsilon = read(.epsilon, expected: "a number above 0, at most 1") { text in
      finite(text).flatMap { NetworkDescription.isValid(epsilon: $0) ? $0 : nil }
    }
    let inputRange = read(.inputRange, expected: "two rising numbers, as in 0,255", range)
    guard let width, let blocks else { return nil }
    return NetworkDescription(
      .fastNeuralStyle(
        FastNeuralStyle(
          width: width, residualBlocks: blocks, padding: padding ?? .reflection,
          upsampling: upsampling ?? .nearest, outputActivation: activation ?? .identity)),
      norm: norm ?? .instance, groups: groups ?? 1, epsilon: epsilon ?? 1e-5,
      inputRange: inputRange ?? 0...255)
  }
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
