import SystemFiles
import SystemPackage

/// Rows on their way through an encoder into a file that is complete or absent, or into standard
/// output.
final class EncodedRows: RowSink {
  private let encoder: any Encoder
  /// The file; nil for standard output.
  private let file: AtomicFile?
  private let droppedNotes: [ImageNote]
  private let bytesPerRow: Int
  /// The way into the file's colours, and a row on it; nil where rows come in them.
  private let transform: ColorTransform?
  private var converted: [UInt8]
  private var missingRows: Int

  /// Encoded bytes are passed on in pieces of at least this size.
  private static let pieceSize = 1 << 16

  init(
    _ encoder: any Encoder, path: FilePath, height: Int, bytesPerRow: Int,
    transform: ColorTransform?, notes: [ImageNote],
    replacing: Bool
  ) throws(ImageFileError) {
    do throws(AtomicFileError) {
      file = path.isStandardStream ? nil : try AtomicFile(path: path, replacing: replacing)
    } catch {
      throw ImageFileError(error)
    }
    droppedNotes = notes
    self.encoder = encoder
    self.bytesPerRow = bytesPerRow
    self.transform = transform.flatMap { $0.isIdentity ? nil : $0 }
    converted = [UInt8](repeating: 0, count: self.transform == nil ? 0 : bytesPerRow)
    missingRows = height
  }

  var notes: [ImageNote] { droppedNotes + encoder.notes }

  func writeRow(_ row: Span<UInt8>) throws(ImageFileError) {
    precondition(missingRows > 0, "fewer rows were written than the picture has")
    precondition(row.count == bytesPerRow, "a row has the bytes of the sink's width and format")
    if let transform {
      var bytes = converted.mutableSpan
      bytes.copy(row)
      transform.apply(to: &bytes)
      let converted = converted
      try encoder.writeRow(converted.span)
    } else {
      try encoder.writeRow(row)
    }
    missingRows -= 1
    if encoder.output.count >= Self.pieceSize { try passOn() }
  }

  func finish() throws(ImageFileError) {
    precondition(missingRows == 0, "every row was written")
    try encoder.finish()
    try passOn()
    do throws(AtomicFileError) { try file?.commit() } catch { throw ImageFileError(error) }
  }

  private func passOn() throws(ImageFileError) {
    if let file {
      do throws(AtomicFileError) { try file.write(encoder.output) } catch {
        throw ImageFileError(error)
      }
    } else {
      do { try FileDescriptor.standardOutput.writeAll(encoder.output) } catch {
        throw .unwritable(.write, error as? Errno ?? .ioError)
      }
    }
    encoder.clearOutput()
  }
}
