extension ForwardBytes {
  /// How a picture ends.
  enum End {
    /// At a place of its own.
    case found
    /// Where the stream does.
    case cutShort
    /// At a place that can't be told, as its structure is broken.
    case lost
  }

  /// Passes over a picture from its signature to its end. Nothing is decoded: damage that leaves its
  /// structure whole leaves its end where it is.
  mutating func passPicture(_ format: ImageFormat) throws(ImageFileError) -> End {
    switch format {
    case .png: try passPNG()
    case .jpeg: try passJPEG()
    }
  }

  /// Passes over a signature and chunks, IEND the last.
  private mutating func passPNG() throws(ImageFileError) -> End {
    guard try pass(ImageFormat.pngSignature.count) else { return .cutShort }
    while true {
      let header = try peek(8)
      let (length, name) = (header.span.integer(at: 0, size: 4) ?? 0, header.dropFirst(4))
      guard header.count == 8 else {
        _ = try pass(header.count)
        return .cutShort
      }
      let isNamed = name.allSatisfy { (0x41...0x5A).contains($0 & ~0x20) }
      guard length <= 0x7FFF_FFFF, isNamed else { return .lost }
      let isLast = name.elementsEqual("IEND".utf8)
      guard try pass(8 + length + 4) else { return .cutShort }
      if isLast { return .found }
    }
  }

  /// Passes over markers and what is between them, as libjpeg does, to EOI and to what the file says
  /// belongs to it behind that. Thumbnails lie in segments, and are passed over with them.
  private mutating func passJPEG() throws(ImageFileError) -> End {
    guard try pass(2) else { return .cutShort }
    var end = 0
    while try pass(until: 0xFF) {
      guard let marker = try peek(2).dropFirst().first else { break }
      switch marker {
      case 0xFF: _ = try pass(1)
      // A byte of the pixels' own; TEM and RSTn, which stand alone.
      case 0x00, 0x01, 0xD0...0xD7: _ = try pass(2)
      // SOI: the next picture begins, as this one was cut short.
      case 0xD8: return .found
      case 0xD9:
        _ = try pass(2)
        return try pass(max(0, end - offset)) ? .found : .cutShort
      default:
        let header = try peek(4)
        guard header.count == 4, let length = header.span.integer(at: 2, size: 2) else {
          _ = try pass(header.count)
          return .cutShort
        }
        guard length >= 2 else { return .lost }
        if marker == 0xE2, let reach = JPEGCompanions.reach(try peek(2 + length).dropFirst(4)) {
          end = offset + 4 + reach
        }
        guard try pass(2 + length) else { return .cutShort }
      }
    }
    _ = try pass(1)
    return .cutShort
  }
}
