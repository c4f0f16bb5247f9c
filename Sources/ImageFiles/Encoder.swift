/// An encoder of one picture from its first row to its last: what PNG and JPEG differ in.
protocol Encoder: AnyObject {
  func writeRow(_ row: Span<UInt8>) throws(ImageFileError)

  /// Encodes what follows the last row.
  func finish() throws(ImageFileError)

  /// Remarks on what became of the pixels.
  var notes: [ImageNote] { get }

  /// The bytes made since `clearOutput()`, valid until the next call.
  var output: UnsafeRawBufferPointer { get }
  func clearOutput()
}

extension Encoder {
  var notes: [ImageNote] { [] }
}
