/// An encoder of one picture from its first row to its last: what PNG and JPEG differ in.
protocol Encoder: AnyObject {
  func writeRow(_ row: UnsafeRawBufferPointer) throws(ImageFileError)

  /// Encodes what follows the last row.
  func finish() throws(ImageFileError)

  /// The bytes made since `clearOutput()`, valid until the next call.
  var output: UnsafeRawBufferPointer { get }
  func clearOutput()
}
