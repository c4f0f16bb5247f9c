/// Names in order, each kept as what it has beyond what it shares with the one before ("front coding";
/// Witten, Moffat and Bell, Managing Gigabytes, 1999), with a tag of two bits.
///
/// Of a name there are a number that tells how many bytes it shares and its tag, a number that tells
/// how many more it has, and these. Numbers are in base 128, the lowest digit first, with the highest
/// bit of each but the last set.
struct FrontCodedNames: Sendable {
  private(set) var count = 0
  private var bytes: [UInt8] = []
  private var last: [UInt8] = []

  mutating func append(_ name: UnsafeRawBufferPointer, tag: UInt8) {
    var shared = 0
    let most = min(name.count, last.count)
    while shared < most, name[shared] == last[shared] { shared += 1 }
    let rest = UnsafeRawBufferPointer(rebasing: name[shared...])
    append(shared << 2 | Int(tag))
    append(rest.count)
    bytes.append(contentsOf: rest)
    last.removeSubrange(shared...)
    last.append(contentsOf: rest)
    count += 1
  }

  private mutating func append(_ number: Int) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Stands ahead of the first name.
  var start: Cursor { Cursor(bytes: bytes) }

  /// A way through names that takes memory for one.
  struct Cursor: Sendable {
    private let bytes: [UInt8]
    private var position = 0
    /// The present name, with a null byte.
    private var name: [CChar] = [0]

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// Goes on to the next name; its tag, or nil behind the last.
    mutating func advance() -> UInt8? {
      guard position < bytes.count else { return nil }
      let (first, more) = (number(), number())
      name.replaceSubrange(
        (first >> 2)...,
        with: bytes[position..<position + more].lazy.map { CChar(bitPattern: $0) })
      name.append(0)
      position += more
      return UInt8(first & 3)
    }

    private mutating func number() -> Int {
      var (result, shift) = (0, 0)
      while true {
        let digit = Int(bytes[position])
        position += 1
        result |= (digit & 0x7F) << shift
        if digit < 0x80 { return result }
        shift += 7
      }
    }

    /// Gives the present name, a null byte behind it.
    func withName<Result>(_ body: (UnsafeBufferPointer<CChar>) -> Result) -> Result {
      name.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0.dropLast())) }
    }
  }
}
