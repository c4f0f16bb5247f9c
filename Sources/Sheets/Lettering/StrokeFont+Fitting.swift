extension StrokeFont {
  /// `text`, or as much of its beginning and end around an ellipsis as is no wider than `limit`;
  /// nothing where even that is wider.
  func truncated(_ text: String, to limit: Double) -> String {
    guard width(of: text) > limit else { return text }
    let ellipsis = "…"
    var room = limit - width(of: ellipsis)
    guard room >= 0 else { return "" }
    let characters = Array(text)
    var kept = 0
    while kept < characters.count {
      // From the beginning and the end in turn.
      let next = kept % 2 == 0 ? characters[kept / 2] : characters[characters.count - 1 - kept / 2]
      room -= width(of: String(next))
      if room < 0 { break }
      kept += 1
    }
    return String(characters.prefix((kept + 1) / 2)) + ellipsis
      + String(characters.suffix(kept / 2))
  }

  /// The lines, none wider than `limit`, that `text` fills word by word; too long a word is
  /// truncated.
  func wrapped(_ text: String, to limit: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, width(of: last + " " + word) <= limit {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(truncated(String(word), to: limit))
      }
    }
    return lines
  }
}
