import BatchStylizer
import SystemPackage

/// A path for people.
func printable(_ path: FilePath) -> String { path.printable }

/// Text from elsewhere, an argument or a decoder, for people.
func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if let byte = RawArguments.byte(of: scalar) {
      result += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result.printable
}

extension FilePath {
  /// Its bytes, valid UTF-8 or not.
  var bytes: [UInt8] {
    withPlatformString {
      UnsafeBufferPointer(start: $0, count: length).map { UInt8(bitPattern: $0) }
    }
  }
}
