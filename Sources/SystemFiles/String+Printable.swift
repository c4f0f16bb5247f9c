extension String {
  /// The text for people: control characters as `\n` and `\x1B`, so that it can't disturb a terminal
  /// or a line.
  public var printable: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.properties.generalCategory == .control {
        let digits = UInt8(truncatingIfNeeded: scalar.value).hexadecimal(uppercase: true)
        text.append(contentsOf: (scalar == "\n" ? "\\n" : "\\x" + digits).unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
