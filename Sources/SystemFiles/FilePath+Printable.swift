import SystemPackage

extension FilePath {
  /// The path for people: control characters and bytes that are not UTF-8 as `\n` and `\xFF`, so
  /// that no name can disturb a terminal or a line.
  public var printable: String {
    var rest = bytes[...]
    var text = String.UnicodeScalarView()
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first
      if let scalar, scalar.properties.generalCategory != .control {
        text.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        let digits = first.hexadecimal(uppercase: true)
        text.append(contentsOf: (first == 0x0A ? "\\n" : "\\x" + digits).unicodeScalars)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }
}
