import CSystemFiles
import Glibc
import SystemFiles
import SystemPackage

/// The arguments of the process without loss.
///
/// `CommandLine.arguments` repairs names that are not UTF-8 into other names. Here such a byte b,
/// and every byte of a character that could be mistaken for one, becomes the private-use character
/// U+10FF00 + b, and `bytes(of:)` turns it back.
enum RawArguments {
  private static let base: UInt32 = 0x10_FF00

  static let all: [String] = (1..<max(CSystemFiles_argumentCount(), 1)).compactMap { index in
    CSystemFiles_argument(index).map { argument in
      text(
        of: UnsafeBufferPointer(start: argument, count: strlen(argument)).map {
          UInt8(bitPattern: $0)
        })
    }
  }

  static func text(of bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      let character = Array(rest.prefix(length))
      if let valid = String(validating: character, as: UTF8.self),
        let scalar = valid.unicodeScalars.first, byte(of: scalar) == nil
      {
        text.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        text.append(Unicode.Scalar(base + UInt32(first)).unsafelyUnwrapped)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The byte that a character stands for, if it does.
  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value & ~0xFF == base ? UInt8(scalar.value & 0xFF) : nil
  }

  static func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar in
      byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  static func path(of text: String) -> FilePath {
    FilePath(bytes: bytes(of: text))
  }
}
