import SystemPackage

/// The lines of a file that may be of any length, those that are complete.
struct JSONLines {
  private let file: FileDescriptor

  init(of file: FileDescriptor) {
    self.file = file
  }

  /// Calls `body` with each line, without its end, and where it begins in the file.
  func read(_ body: (UnsafeRawBufferPointer, Int) throws -> Void) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    // Where the buffer begins in the file, and how much of it is filled.
    var (start, filled) = (0, 0)
    while true {
      let count = try buffer.withUnsafeMutableBytes {
        try file.read(
          fromAbsoluteOffset: Int64(start + filled), into: .init(rebasing: $0[filled...]))
      }
      if count == 0 { return }
      filled += count
      var next = 0
      try buffer.withUnsafeBytes { bytes in
        while let end = bytes[next..<filled].firstIndex(of: 0x0A) {
          try body(UnsafeRawBufferPointer(rebasing: bytes[next..<end]), start + next)
          next = end + 1
        }
      }
      buffer.removeSubrange(..<next)
      buffer += repeatElement(0, count: next)
      (start, filled) = (start + next, filled - next)
      // A line that fills it all.
      if filled == buffer.count { buffer += repeatElement(0, count: filled) }
    }
  }
}
