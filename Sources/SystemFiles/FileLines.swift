import SystemPackage

/// The lines of a file that may be of any length, from where it is read next to its end.
public struct FileLines {
  private let file: FileDescriptor
  private let end: UInt8

  /// - Parameters:
  ///   - file: The open file, which is read from where it stands.
  ///   - end: The byte that each line ends in.
  public init(of file: FileDescriptor, endingIn end: UInt8 = UInt8(ascii: "\n")) {
    self.file = file
    self.end = end
  }

  /// Calls `body` with each line, without its end, where it begins, and whether it has an end: what is
  /// behind the last one is a line, too, unless it is empty.
  public func read(
    _ body: (_ line: UnsafeRawBufferPointer, _ start: Int, _ isComplete: Bool) throws -> Void
  ) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    // Where the buffer begins, and how much of it is filled.
    var (start, filled) = (0, 0)
    while true {
      let count = try buffer.withUnsafeMutableBytes {
        try file.read(into: .init(rebasing: $0[filled...]))
      }
      if count == 0 { break }
      // What was there already has no end.
      var searched = filled
      filled += count
      var next = 0
      try buffer.withUnsafeBytes { bytes in
        while let end = bytes[searched..<filled].firstIndex(of: end) {
          try body(UnsafeRawBufferPointer(rebasing: bytes[next..<end]), start + next, true)
          next = end + 1
          searched = next
        }
      }
      buffer.removeSubrange(..<next)
      buffer += repeatElement(0, count: next)
      (start, filled) = (start + next, filled - next)
      // A line that fills it all.
      if filled == buffer.count { buffer += repeatElement(0, count: filled) }
    }
    guard filled > 0 else { return }
    try buffer.withUnsafeBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[..<filled]), start, false)
    }
  }
}
