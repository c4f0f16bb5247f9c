import FoundationEssentials
import SystemFiles
import SystemPackage

/// Writes one line of JSON.
package func encodedJSON(_ value: some Encodable, pretty: Bool = false) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  guard let data = try? encoder.encode(value) else { return "{}" }
  // Within strings alone: outside there is none but the ends of lines.
  return String(decoding: data, as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
    if scalar.isDisturbing, scalar != "\n" {
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    } else {
      text.unicodeScalars.append(scalar)
    }
  }
}

/// A path for JSON: text, in which bytes that are not UTF-8 are written `\xFF`, and then also
/// exactly.
package struct JSONPath: Equatable, Sendable {
  package let text: String
  /// The bytes in base64, where the text can't give them.
  package let base64: String?

  package init(_ path: FilePath) {
    let bytes = path.bytes
    let valid = String(validating: bytes, as: UTF8.self)
    text = valid ?? path.printable
    base64 = valid == nil ? Data(bytes).base64EncodedString() : nil
  }

  package init(_ text: String, base64: String?) {
    self.text = text
    self.base64 = base64
  }

  /// The path itself.
  package var path: FilePath {
    guard let bytes = base64.flatMap({ Data(base64Encoded: $0) }) else { return FilePath(text) }
    return FilePath(bytes: [UInt8](bytes))
  }
}
