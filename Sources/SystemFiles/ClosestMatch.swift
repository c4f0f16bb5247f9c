extension Sequence where Element == String {
  /// The one of these names that was probably meant by `text`: it begins with it, and no other does, or
  /// few letters of it are other ones, missing, too many, or change places. Nil where there is none.
  ///
  /// - Complexity: O(n · m²) for n names of m letters.
  public func closestMatch(to text: String) -> String? {
    let text = text.lowercased()
    guard text.count > 1 else { return nil }
    var beginning: [String] = []
    var nearest: (name: String, distance: Int)?
    for name in self {
      let lowercased = name.lowercased()
      if text.count > 2, lowercased.hasPrefix(text) { beginning.append(name) }
      let distance = editDistance(Array(text), Array(lowercased))
      if distance <= Swift.max(1, text.count / 3), distance < nearest?.distance ?? .max {
        nearest = (name, distance)
      }
    }
    return nearest?.name ?? (beginning.count == 1 ? beginning[0] : nil)
  }
}

/// The letters to replace, add, leave out, or exchange with their neighbours that make `a` into `b`.
///
/// Optimal string alignment: Damerau 1964, doi:10.1145/363958.363994; no letter is changed twice.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var before = [Int](repeating: 0, count: b.count + 1)
  var row = Array(0...b.count)
  for i in 0..<a.count {
    var next = [i + 1]
    for j in 0..<b.count {
      var distance = Swift.min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        distance = Swift.min(distance, before[j - 1] + 1)
      }
      next.append(distance)
    }
    (before, row) = (row, next)
  }
  return row[b.count]
}
