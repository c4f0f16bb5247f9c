/// A file's rows as they are stored: counts them, starts again, and deals with damage.
final class DecodedRows: RowSource {
  let info: ImageInfo
  let metadata: ImageMetadata

  private let fileNotes: [ImageNote]
  private let open: () throws(ImageFileError) -> any Decoder
  private let damaged: DamagePolicy
  /// The decoder; nil only where another could not be begun.
  private var decoder: (any Decoder)?
  private var nextRow = 0
  /// The reason why the decoder can't go on.
  private var failure: ImageFileError?
  /// The end of decoding where it came early, on request: the first row that is missing, and why.
  private var end: ImageNote?

  /// - Parameters:
  ///   - notes: Remarks on the file besides the decoder's.
  ///   - open: Begins a decoder of the file at its first row.
  init(
    metadata: ImageMetadata, notes: [ImageNote], damaged: DamagePolicy,
    open: @escaping () throws(ImageFileError) -> any Decoder
  ) throws(ImageFileError) {
    let decoder = try open()
    self.metadata = metadata
    fileNotes = notes
    self.open = open
    self.damaged = damaged
    self.decoder = decoder
    info = decoder.info
  }

  var notes: [ImageNote] {
    fileNotes + (decoder?.notes ?? []) + (end.map { [$0] } ?? [])
  }

  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    if let failure { throw failure }
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    if end == nil {
      do throws(ImageFileError) {
        try decodeRow(into: &row)
        return
      } catch {
        guard damaged == .keep, case .damaged(let words) = error else {
          failure = error
          throw error
        }
        end = .incomplete(firstMissing: nextRow, height: info.height, words)
        if nextRow == info.height { return }
      }
    }
    row.update(repeating: 0)
    nextRow += 1
  }

  private func decodeRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    guard let decoder else { throw .changed }
    try decoder.readRow(into: &row)
    nextRow += 1
    if nextRow == info.height { try decoder.finish() }
  }

  func restart() throws(ImageFileError) {
    if nextRow == 0, failure == nil, end == nil { return }
    nextRow = 0
    end = nil
    if failure == nil, let decoder, decoder.rewind() { return }
    failure = nil
    // Let go of the old one first, as it may hold a whole picture.
    decoder = nil
    let fresh = try open()
    guard fresh.info == info else { throw .changed }
    decoder = fresh
  }
}
