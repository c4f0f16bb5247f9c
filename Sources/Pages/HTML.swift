import FoundationEssentials

/// Markup. Text that is interpolated is escaped, so that no file's name can become markup.
struct HTML: ExpressibleByStringInterpolation, Equatable, Sendable {
  private(set) var text: String

  init(stringLiteral text: String) { self.text = text }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Takes what is markup already, one file of the package after another: style sheets for one.
  init(verbatim files: [UInt8]...) {
    text = files.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ text: String) { self.text += escaped(text) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ markup: HTML) { text += markup.text }

    mutating func appendInterpolation(_ parts: [HTML], separator: String = "") {
      for (index, part) in parts.enumerated() {
        text += index == 0 ? part.text : separator + part.text
      }
    }

    mutating func appendInterpolation(base64 bytes: [UInt8]) {
      text += Data(bytes).base64EncodedString()
    }
  }
}

/// Escapes `text` for an element or a quoted attribute.
///
/// Control characters, which HTML forbids or changes, become their pictures (`␊`), or `�`.
private func escaped(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result.append(contentsOf: "&amp;".unicodeScalars)
    case "<": result.append(contentsOf: "&lt;".unicodeScalars)
    case ">": result.append(contentsOf: "&gt;".unicodeScalars)
    case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
    case "'": result.append(contentsOf: "&#39;".unicodeScalars)
    case "\u{7F}": result.append("\u{2421}")
    case "\u{80}"..."\u{9F}": result.append("\u{FFFD}")
    case "\0"..."\u{1F}": result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    default: result.append(scalar)
    }
  }
  return String(result)
}
