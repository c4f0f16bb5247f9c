extension String {
  /// The text for people: control characters as `\n` and `\x1B`, so that it can't disturb a terminal
  /// or a line.
  public var printable: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.properties.generalCategory == .control {
        let digits =
          (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
        text.append(contentsOf: (scalar == "\n" ? "\\n" : "\\x" + digits).unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
