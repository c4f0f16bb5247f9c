/// A picture that is read row by row, upright, from top to bottom, any number of times.
///
/// One thread at a time uses it.
public protocol RowSource: AnyObject {
  var info: ImageInfo { get }

  /// The file's contents besides its pixels, as it has them.
  var metadata: ImageMetadata { get }

  /// Remarks on the file so far: faults that do no harm, damage that was passed over on request.
  /// Complete once the last row has been read.
  var notes: [ImageNote] { get }

  /// Reads the next row into `row`.
  ///
  /// After the last row the rest of the file has been checked, too.
  ///
  /// - Parameter row: `info.bytesPerRow` bytes.
  /// - Throws: `ImageFileError`; the source can't be used any more but to start it again.
  /// - Precondition: fewer than `info.height` rows were read since the start.
  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError)

  /// Makes row 0 the next one.
  ///
  /// - Throws: `ImageFileError`, `.changed` where the file is another meanwhile.
  func restart() throws(ImageFileError)

  /// Bytes that `store(in:unless:)` takes beside the image.
  var storingBytes: Int { get }

  /// Reads all rows, from the first, into an image of this size and format.
  ///
  /// - Parameters:
  ///   - image: The image, all of which is filled in.
  ///   - isCancelled: The question whether to stop, asked at every row with how many are done.
  /// - Returns: True where all rows were read; false where it was cancelled.
  /// - Throws: `ImageFileError`.
  func store(
    in image: StoredImage, unless isCancelled: (_ rowsDone: Int) -> Bool
  ) throws(ImageFileError) -> Bool
}

extension RowSource {
  public var metadata: ImageMetadata { ImageMetadata() }
  public var notes: [ImageNote] { [] }
  public var storingBytes: Int { info.heldBytes + info.bytesPerRow }

  /// Reads the next row into all of `row`.
  public func readRow(into row: inout [UInt8]) throws(ImageFileError) {
    var bytes = row.mutableSpan
    try readRow(into: &bytes)
  }

  public func store(
    in image: StoredImage, unless isCancelled: (_ rowsDone: Int) -> Bool
  ) throws(ImageFileError) -> Bool {
    var row = [UInt8](repeating: 0, count: info.bytesPerRow)
    for y in 0..<info.height {
      if isCancelled(y) { return false }
      try readRow(into: &row)
      try image.writeRow(y, row.span)
    }
    return true
  }
}
