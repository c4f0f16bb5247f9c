extension String {
  /// The text for people: what could disturb a terminal or a line, or turn its order about, as `\n`,
  /// `\x1B` and `\u{202E}`.
  public var printable: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      if let escape = scalar.escape { text += escape } else { text.unicodeScalars.append(scalar) }
    }
  }

  /// The text likewise, where its lines and tabs are meant.
  public var printableLines: String {
    guard unicodeScalars.contains(where: { $0.escape != nil }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if let escape = scalar.escape, scalar != "\n", scalar != "\t" {
        text += escape
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether a character does something rather than show something: control characters, ends of lines,
  /// and those that turn the order of others about.
  public var isDisturbing: Bool { escape != nil }

  /// How a character that does something rather than show something is written; nil for all others.
  var escape: String? {
    if self == "\n" { return "\\n" }
    // Nearly all there is.
    if (0x20..<0x7F).contains(value) { return nil }
    switch properties.generalCategory {
    case .control where isASCII:
      return "\\x" + UInt8(truncatingIfNeeded: value).hexadecimal(uppercase: true)
    case .control, .lineSeparator, .paragraphSeparator: break
    default: if !properties.isBidiControl { return nil }
    }
    return "\\u{\(String(value, radix: 16, uppercase: true))}"
  }
}
