import SystemPackage

extension FileDescriptor {
  /// Reads from here to the end, and no more than `limit` bytes.
  ///
  /// - Parameter expected: The number of bytes there are, as far as is known: a file may grow or
  ///   shrink, and the system's own tell no size.
  /// - Throws: The system's reason.
  public func readToEnd(atMost limit: Int = .max, expecting expected: Int = 0) throws(Errno)
    -> [UInt8]
  {
    let step = 1 << 16
    var bytes = [UInt8](repeating: 0, count: min(expected > 0 ? expected : step, limit))
    var count = 0
    do {
      while count < limit {
        if count == bytes.count {
          let more = min(max(step, count), limit - count)
          bytes.append(contentsOf: repeatElement(0, count: more))
        }
        let more = try bytes.withUnsafeMutableBytes {
          try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
        }
        if more == 0 { break }
        count += more
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
