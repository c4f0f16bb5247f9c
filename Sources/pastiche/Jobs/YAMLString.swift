import SystemFiles

/// A string of YAML, between double quotation marks: JSON's, too.
enum YAMLString {
  static func quoted(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "\"") { string, scalar in
      switch scalar {
      case "\"", "\\":
        string += "\\"
        string.unicodeScalars.append(scalar)
      case _ where isEscaped(scalar):
        let digits = String(scalar.value, radix: 16)
        string += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: string.unicodeScalars.append(scalar)
      }
    } + "\""
  }

  /// Whether YAML wants it so, or it would do something to whoever looks at the file. All are within
  /// the first 65536.
  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isDisturbing || [0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value)
  }
}

/// Text that Kubernetes takes for a container's arguments: `$(NAME)` is a variable there, and `$$` is
/// `$`.
enum ContainerArgument {
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "$", rest.first == "$" || rest.first == "(" { escaped.append("$") }
      escaped.append(scalar)
    }
    return String(escaped)
  }
}
