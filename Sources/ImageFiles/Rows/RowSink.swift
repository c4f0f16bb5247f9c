/// An image file that is written row by row, from top to bottom; complete or absent.
///
/// Letting go of it without `finish()` leaves nothing behind. One thread at a time uses it.
public protocol RowSink: AnyObject {
  /// Remarks on what could not be carried into the file; complete once it is finished.
  var notes: [ImageNote] { get }

  /// Appends a row of the size and pixel format that the sink was made for.
  ///
  /// - Throws: `ImageFileError`; nothing more can be written then.
  /// - Precondition: fewer rows than the picture's height were written.
  func writeRow(_ row: Span<UInt8>) throws(ImageFileError)

  /// Ends the file, syncs it and gives it its name.
  ///
  /// - Throws: `ImageFileError`; no file of that name was made then.
  /// - Precondition: every row was written.
  func finish() throws(ImageFileError)
}

extension RowSink {
  public var notes: [ImageNote] { [] }
}
