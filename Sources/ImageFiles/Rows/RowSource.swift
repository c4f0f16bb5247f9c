/// A picture that is read row by row, upright, from top to bottom, any number of times.
///
/// One thread at a time uses it.
public protocol RowSource: AnyObject {
  var info: ImageInfo { get }

  /// What the file says besides its pixels, as it says it.
  var metadata: ImageMetadata { get }

  /// Remarks on the file so far: faults that do no harm, damage that was passed over on request.
  /// Complete once the last row has been read.
  var notes: [ImageNote] { get }

  /// Reads the next row into `row`.
  ///
  /// After the last row the rest of the file has been checked, too.
  ///
  /// - Parameter row: `info.bytesPerRow` bytes, aligned for a sample.
  /// - Throws: `ImageFileError`; the source can't be used any more but to start it again.
  /// - Precondition: fewer than `info.height` rows were read since the start.
  func readRow(into row: UnsafeMutableRawBufferPointer) throws(ImageFileError)

  /// Makes row 0 the next one.
  ///
  /// - Throws: `ImageFileError`, `.changed` where the file is another meanwhile.
  func restart() throws(ImageFileError)
}

extension RowSource {
  public var metadata: ImageMetadata { ImageMetadata() }
  public var notes: [ImageNote] { [] }
}
