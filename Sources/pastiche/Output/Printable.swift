import SystemFiles
import SystemPackage

/// A path for people.
func printable(_ path: FilePath) -> String { path.printable }

/// Text from elsewhere, an argument or a decoder, for people.
func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if let byte = RawArguments.byte(of: scalar) {
      result += "\\x" + byte.hexadecimal(uppercase: true)
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result.printable
}
