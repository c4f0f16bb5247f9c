import SystemPackage

extension FileDescriptor {
  /// Reads from here to the end, and no more than `limit` bytes.
  ///
  /// - Throws: The system's reason.
  public func readToEnd(atMost limit: Int = .max) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    // A size is but a guess: the system's own files have none, and others grow.
    if let size = try? stat().size { bytes.reserveCapacity(min(Int(size), limit)) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    do {
      while bytes.count < limit {
        let rest = min(piece.count, limit - bytes.count)
        let count = try piece.withUnsafeMutableBytes {
          try read(into: .init(rebasing: $0[..<rest]))
        }
        if count == 0 { break }
        bytes += piece[..<count]
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
    return bytes
  }
}
