extension Character {
  /// The plain character that is left without marks: `u` of `ü`, `e` of `ế`, a space of one that
  /// doesn't break. Nil for what isn't Latin.
  var withoutMarks: Character? {
    guard let base = unicodeScalars.first,
      unicodeScalars.dropFirst().allSatisfy({ $0.properties.generalCategory == .nonspacingMark })
    else { return nil }
    if base.properties.generalCategory == .spaceSeparator { return " " }
    if base.isASCII { return Character(base) }
    // A name tells what a letter is made of: LATIN SMALL LETTER U WITH DIAERESIS.
    let words = base.properties.name?.split(separator: " ") ?? []
    guard words.count > 4, words[0] == "LATIN", words[2] == "LETTER", words[3].count == 1,
      words[4] == "WITH"
    else { return nil }
    return Character(words[1] == "SMALL" ? words[3].lowercased() : String(words[3]))
  }
}
