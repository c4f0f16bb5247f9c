/// A decoder of one file from its first row to its last, as stored: what PNG and JPEG differ in.
protocol Decoder: AnyObject {
  /// The header's account of the picture, not yet turned upright.
  var info: ImageInfo { get }
  /// Remarks of the decoder so far.
  var notes: [ImageNote] { get }

  /// Reads the next row, all of it or nothing.
  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError)

  /// Checks what follows the last row.
  func finish() throws(ImageFileError)

  /// Makes row 0 the next one, if that takes no decoding.
  func rewind() -> Bool
}

extension Decoder {
  func rewind() -> Bool { false }
}
