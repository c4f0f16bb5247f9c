import SystemFiles
import SystemPackage

/// A word of a bash script that stands for itself, whatever is in it, and shows as what it is.
enum ShellWord {
  private static let punctuation = "-_./=:,+@%".unicodeScalars

  /// - Parameter argument: An argument as `RawArguments` has it, of any bytes but null.
  static func quoted(_ argument: String) -> String {
    // By scalars: a quotation mark under an accent is one still.
    let scalars = argument.unicodeScalars
    if !scalars.isEmpty, scalars.allSatisfy(isPlain) { return argument }
    guard scalars.contains(where: isEscaped) else {
      return scalars.reduce(into: "'") { word, scalar in
        if scalar == "'" { word += "'\\''" } else { word.unicodeScalars.append(scalar) }
      } + "'"
    }
    // Of bash, not of every shell: bytes in hexadecimal, of two digits at most.
    return scalars.reduce(into: "$'") { word, scalar in
      if isEscaped(scalar) {
        let bytes = RawArguments.bytes(of: String(scalar))
        word += bytes.map { "\\x" + $0.hexadecimal() }.joined()
      } else {
        if scalar == "'" || scalar == "\\" { word += "\\" }
        word.unicodeScalars.append(scalar)
      }
    } + "'"
  }

  static func quoted(_ path: FilePath) -> String { quoted(RawArguments.text(of: path.bytes)) }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      || punctuation.contains(scalar)
  }

  /// Whether it is a byte that is no text, or would do something to whoever looks at the script.
  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    RawArguments.byte(of: scalar) != nil || scalar.isDisturbing
  }
}
