/// A strict reader of JSON (RFC 8259) that keeps what dictionaries lose; see `JSONValue`.
///
/// Small headers are its only food: it is safe before it is fast, and costs start-up nothing.
struct JSONReader {
  /// The depth to which arrays and objects may nest: twice what a safetensors header needs.
  static let depthLimit = 6

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Reads the one value that `bytes` is.
  ///
  /// - Complexity: O(*n*).
  static func read(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes: bytes, position: bytes.startIndex)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    if reader.position < bytes.endIndex { throw reader.outOfPlace() }
    return value
  }

  private init(bytes: ArraySlice<UInt8>, position: Int) {
    self.bytes = bytes
    self.position = position
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func failure(_ reason: JSONError.Reason, at position: Int) -> JSONError {
    JSONError(reason: reason, offset: position - bytes.startIndex)
  }

  private func outOfPlace() -> JSONError {
    failure(next.map { .unexpectedByte($0) } ?? .unexpectedEnd, at: position)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  /// Steps over `expected` where that is next.
  private mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: expected) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true")
    case UInt8(ascii: "f"): return try literal("false")
    case UInt8(ascii: "n"): return try literal("null")
    default: return .number(try number())
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> [JSONValue.Member] {
    try open(depth: depth)
    var members: [JSONValue.Member] = []
    if take("}") { return members }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw outOfPlace() }
      let key = try string()
      skipSpace()
      guard take(":") else { throw outOfPlace() }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth)))
      skipSpace()
      if take("}") { return members }
      guard take(",") else { throw outOfPlace() }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    try open(depth: depth)
    var elements: [JSONValue] = []
    if take("]") { return elements }
    while true {
      elements.append(try value(depth: depth))
      skipSpace()
      if take("]") { return elements }
      guard take(",") else { throw outOfPlace() }
    }
  }

  /// Steps over an opening bracket, unless it goes too deep for the stack's peace.
  private mutating func open(depth: Int) throws(JSONError) {
    guard depth <= Self.depthLimit else {
      throw failure(.tooDeep(limit: Self.depthLimit), at: position)
    }
    position += 1
    skipSpace()
  }

  private mutating func literal(_ word: String) throws(JSONError) -> JSONValue {
    for byte in word.utf8 {
      guard next == byte else { throw outOfPlace() }
      position += 1
    }
    return .literal(word)
  }

  /// `-`? (`0` | `1`…`9` digits) (`.` digits)? ((`e` | `E`) (`+` | `-`)? digits)?
  private mutating func number() throws(JSONError) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Reads one digit or more.
  private mutating func digits() throws(JSONError) {
    guard let first = next, 48...57 ~= first else { throw outOfPlace() }
    while let byte = next, 48...57 ~= byte { position += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure(.invalidUTF8, at: start)
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw outOfPlace()
      default:
        text.append(byte)
        position += 1
      }
    }
    throw outOfPlace()
  }

  private mutating func escape() throws(JSONError) -> Character {
    let start = position
    position += 1
    guard let byte = next else { throw outOfPlace() }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Character(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var unit = try hexadecimal()
      if 0xd800..<0xdc00 ~= unit, take("\\"), take("u") {
        let low = try hexadecimal()
        guard 0xdc00..<0xe000 ~= low else { throw failure(.invalidEscape, at: start) }
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw failure(.invalidEscape, at: start) }
      return Character(scalar)
    default: throw failure(.invalidEscape, at: start)
    }
  }

  /// Reads four hexadecimal digits.
  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw outOfPlace()
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}
