/// A JSON value as it was written: members in order, keys given twice kept, numbers as text.
///
/// Readers that build dictionaries drop a duplicate key in silence, and which of the two wins
/// differs from one to the next.
indirect enum JSONValue: Equatable {
  case object([Member])
  case array([JSONValue])
  case string(String)
  case number(String)
  case literal(String)

  struct Member: Equatable {
    var key: String
    var value: JSONValue
  }

  /// The value where it is an integer of 0 or more that `Int` can hold, written in digits alone.
  var naturalNumber: Int? {
    guard case .number(let text) = self, text.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
    return Int(text)
  }

  /// The elements where all of them are natural numbers.
  var naturalNumbers: [Int]? {
    guard case .array(let elements) = self else { return nil }
    let numbers = elements.compactMap(\.naturalNumber)
    return numbers.count == elements.count ? numbers : nil
  }

  /// The value as an error message shows it: at most 60 characters.
  var summary: String {
    let text = text(limit: 60)
    return text.count > 60 ? text.prefix(59) + "…" : text
  }

  private func text(limit: Int) -> String {
    switch self {
    case .object: return "an object"
    case .string(let text): return "\"\(text)\""
    case .number(let text), .literal(let text): return text
    case .array(let elements):
      // No more elements than can show: each takes a character and a comma at least.
      return "["
        + elements.prefix(limit / 2).map { $0.text(limit: limit / 2) }
        .joined(separator: ",") + (elements.count > limit / 2 ? ",…]" : "]")
    }
  }
}

extension [JSONValue.Member] {
  /// The keys that are given more than once, each named once, in order.
  var duplicateKeys: [String] {
    var seen: Set<String> = []
    var named: Set<String> = []
    var duplicates: [String] = []
    for member in self where !seen.insert(member.key).inserted {
      if named.insert(member.key).inserted { duplicates.append(member.key) }
    }
    return duplicates
  }
}
