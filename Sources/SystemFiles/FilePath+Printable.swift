import SystemPackage

extension FilePath {
  /// The path for people: what is no text to look at as `\n`, `\u{202E}` and, where it isn't UTF-8,
  /// `\xFF`, so that no name can disturb a terminal or a line.
  public var printable: String {
    var rest = bytes[...]
    var text = String.UnicodeScalarView()
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first
      if let scalar {
        if let escape = scalar.escape {
          text.append(contentsOf: escape.unicodeScalars)
        } else {
          text.append(scalar)
        }
        rest = rest.dropFirst(length)
      } else {
        text.append(contentsOf: ("\\x" + first.hexadecimal(uppercase: true)).unicodeScalars)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }
}
