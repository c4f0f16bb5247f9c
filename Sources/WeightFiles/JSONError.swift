/// The reason why a text is not JSON, and the place.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    /// The text ends inside a value.
    case unexpectedEnd
    /// A byte that nothing here begins or goes on with.
    case unexpectedByte(UInt8)
    /// A string's bytes aren't UTF-8.
    case invalidUTF8
    /// A `\` and what follows is no escape, or stands for half a surrogate pair.
    case invalidEscape
    /// Arrays and objects inside one another, deeper than any weight file has them.
    case tooDeep(limit: Int)
  }

  public var reason: Reason
  /// The place in bytes from the beginning of the text; for a string, where the string begins.
  public var offset: Int

  public var description: String {
    switch reason {
    case .unexpectedEnd: "ends inside a value at byte \(offset)"
    case .unexpectedByte(let byte): "byte \(offset) (value \(byte)) is out of place"
    case .invalidUTF8: "the string at byte \(offset) isn't UTF-8"
    case .invalidEscape: "the escape at byte \(offset) is invalid"
    case .tooDeep(let limit): "nested deeper than \(limit) levels at byte \(offset)"
    }
  }
}
