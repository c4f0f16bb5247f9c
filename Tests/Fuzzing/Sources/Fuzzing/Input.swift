/// What libFuzzer gives for one execution: a file, and behind it two bytes that choose what is done with
/// it.
public struct Input {
  public var file: [UInt8]
  public var choices: Choices

  /// What is shorter than the choices is a file, and chooses nothing.
  public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    self.init(bytes: Array(UnsafeBufferPointer(start: start, count: count)))
  }

  init(bytes: [UInt8]) {
    let choices = bytes.suffix(bytes.count >= 2 ? 2 : 0)
    file = Array(bytes.dropLast(choices.count))
    self.choices = Choices(value: choices.reduce(0) { $0 << 8 | Int($1) })
  }

  var bytes: [UInt8] {
    file + withUnsafeBytes(of: UInt16(truncatingIfNeeded: choices.value).bigEndian, Array.init)
  }
}

/// Choices among a few things each, one after the other.
public struct Choices {
  public var value: Int

  /// A number in `0..<count`.
  public mutating func next(_ count: Int) -> Int {
    defer { value /= count }
    return value % count
  }

  public mutating func nextIsTrue() -> Bool { next(2) == 1 }
}
