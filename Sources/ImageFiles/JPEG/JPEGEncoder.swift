import CImageCodecs

/// libjpeg making one file: baseline, YCbCr, 4:4:4.
final class JPEGEncoder: Encoder {
  private let writer: JPEGWriter
  private let hasAlpha: Bool
  /// A row over white, where rows have alpha.
  private var opaque: [UInt8]
  private var isFlattened = false

  /// - Parameter segments: The file's contents besides its pixels, in at most 65,533 bytes each.
  /// - Throws: `ImageFileError.sixteenBitJPEG`, `.outOfMemory`.
  init(
    width: Int, height: Int, pixels: PixelFormat, quality: Int, density: PixelDensity?,
    segments: [(code: CInt, bytes: [UInt8])]
  ) throws(ImageFileError) {
    guard pixels.depth == .eight else { throw .sixteenBitJPEG }
    guard let pointer = CImageCodecs_JPEGWriter_create() else { throw .outOfMemory }
    writer = JPEGWriter(pointer: pointer)
    hasAlpha = pixels.hasAlpha
    opaque = [UInt8](repeating: 0, count: hasAlpha ? 3 * width : 0)
    let (x, y, unit) = density?.inJPEG ?? (1, 1, 0)
    try check(
      CImageCodecs_JPEGWriter_start(
        pointer, UInt32(width), UInt32(height), CInt(quality), unit, x, y))
    for (code, bytes) in segments {
      try check(CImageCodecs_JPEGWriter_writeMarker(pointer, code, bytes, bytes.count))
    }
  }

  func writeRow(_ row: Span<UInt8>) throws(ImageFileError) {
    if hasAlpha {
      layOverWhite(row)
      try check(CImageCodecs_JPEGWriter_writeRow(writer.pointer, opaque))
    } else {
      try row.withUnsafeBufferPointer { bytes throws(ImageFileError) in
        guard let start = bytes.baseAddress else { return }
        try check(CImageCodecs_JPEGWriter_writeRow(writer.pointer, start))
      }
    }
  }

  func finish() throws(ImageFileError) {
    try check(CImageCodecs_JPEGWriter_finish(writer.pointer))
  }

  var notes: [ImageNote] { isFlattened ? [.laidOverWhite] : [] }

  var output: UnsafeRawBufferPointer {
    var count = 0
    let bytes = CImageCodecs_JPEGWriter_output(writer.pointer, &count)
    return UnsafeRawBufferPointer(start: bytes, count: count)
  }

  func clearOutput() { CImageCodecs_JPEGWriter_clearOutput(writer.pointer) }

  /// Lays a row over white: opaque = (c·a + 255·(255 − a)) / 255, rounded.
  private func layOverWhite(_ row: Span<UInt8>) {
    for x in 0..<opaque.count / 3 {
      let alpha = Int(row[4 * x + 3])
      isFlattened = isFlattened || alpha < 255
      for channel in 0..<3 {
        let colour = Int(row[4 * x + channel])
        opaque[3 * x + channel] = UInt8((colour * alpha + 255 * (255 - alpha) + 127) / 255)
      }
    }
  }

  private func check(_ status: CImageCodecs_Status) throws(ImageFileError) {
    try status.throwIfEncodingFailed(CImageCodecs_JPEGWriter_report(writer.pointer))
  }
}

/// Owns libjpeg's state and what it has made.
private struct JPEGWriter: ~Copyable {
  let pointer: OpaquePointer

  deinit { CImageCodecs_JPEGWriter_destroy(pointer) }
}
