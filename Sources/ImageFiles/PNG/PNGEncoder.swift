import CImageCodecs

/// libpng making one file: RGB or RGBA of 8 or 16 bits, not interlaced.
final class PNGEncoder: Encoder {
  private let writer: PNGWriter

  /// - Parameter chunks: The file's contents besides its pixels.
  /// - Throws: `ImageFileError.outOfMemory`.
  init(
    width: Int, height: Int, pixels: PixelFormat, compression: Int,
    chunks: [CarriedPiece]
  ) throws(ImageFileError) {
    guard let pointer = CImageCodecs_PNGWriter_create() else { throw .outOfMemory }
    writer = PNGWriter(pointer: pointer)
    try check(
      CImageCodecs_PNGWriter_start(
        pointer, UInt32(width), UInt32(height), CInt(pixels.channels),
        CInt(pixels.depth.rawValue), CInt(compression)))
    for chunk in chunks {
      try check(
        CImageCodecs_PNGWriter_writeChunk(pointer, chunk.name, chunk.bytes, chunk.bytes.count))
    }
  }

  func writeRow(_ row: Span<UInt8>) throws(ImageFileError) {
    try row.withUnsafeBufferPointer { bytes throws(ImageFileError) in
      guard let start = bytes.baseAddress else { return }
      try check(CImageCodecs_PNGWriter_writeRow(writer.pointer, start))
    }
  }

  func finish() throws(ImageFileError) {
    try check(CImageCodecs_PNGWriter_finish(writer.pointer))
  }

  var output: UnsafeRawBufferPointer {
    var count = 0
    let bytes = CImageCodecs_PNGWriter_output(writer.pointer, &count)
    return UnsafeRawBufferPointer(start: bytes, count: count)
  }

  func clearOutput() { CImageCodecs_PNGWriter_clearOutput(writer.pointer) }

  private func check(_ status: CImageCodecs_Status) throws(ImageFileError) {
    try status.throwIfEncodingFailed(CImageCodecs_PNGWriter_report(writer.pointer))
  }
}

/// Owns libpng's state and what it has made.
private struct PNGWriter: ~Copyable {
  let pointer: OpaquePointer

  deinit { CImageCodecs_PNGWriter_destroy(pointer) }
}
