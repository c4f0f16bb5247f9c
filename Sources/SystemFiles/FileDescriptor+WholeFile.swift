import SystemPackage

extension FileDescriptor {
  /// Reads the bytes from `offset` on, fewer than `count` only where the file ends.
  ///
  /// - Throws: The system's reason.
  public func readBytes(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
    do {
      return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = try readAll(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  /// Fills `bytes` with those from `offset` on.
  ///
  /// - Returns: How many there were: fewer only where the file ends.
  /// - Throws: The system's reason.
  public func readAll(
    at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    var filled = 0
    do {
      while filled < bytes.count {
        let fresh = try read(
          fromAbsoluteOffset: Int64(offset + filled), into: .init(rebasing: bytes[filled...]))
        if fresh == 0 { break }
        filled += fresh
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
    return filled
  }

  /// Reads from here to the end, and no more than `limit` bytes.
  ///
  /// - Parameter expected: The number of bytes there are, as far as is known: a file may grow or
  ///   shrink, and the system's own tell no size.
  /// - Throws: The system's reason.
  public func readToEnd(atMost limit: Int = .max, expecting expected: Int = 0) throws(Errno)
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    do {
      // What is expected is read in place, as clearing the memory first would cost as much again.
      let first = min(max(expected, 1 << 16), limit)
      bytes = try [UInt8](unsafeUninitializedCapacity: first) { buffer, count in
        while count < first {
          let more = try read(
            into: .init(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
          if more == 0 { break }
          count += more
        }
      }
      guard bytes.count == first else { return bytes }
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while bytes.count < limit {
        let rest = min(piece.count, limit - bytes.count)
        let more = try piece.withUnsafeMutableBytes { bytes in
          try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<rest]))
        }
        if more == 0 { break }
        bytes += piece[..<more]
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
    return bytes
  }
}
