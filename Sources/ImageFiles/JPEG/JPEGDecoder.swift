import CImageCodecs
import SystemPackage

/// libjpeg on one file.
final class JPEGDecoder: Decoder {
  let info: ImageInfo

  /// The file, kept open as long as libjpeg reads it.
  private let file: SourceFile
  private let reader: JPEGReader
  private var isStarted = false
  /// The way from CMYK to RGB by a profile, and a row of CMYK.
  private let inks: TableTransform?
  private var inkRow: [UInt8] = []

  /// Reads the header.
  ///
  /// - Parameter inks: The way from CMYK to RGB; nil for the plain one, and for a picture of RGB.
  /// - Throws: `ImageFileError`.
  init(
    _ file: SourceFile, limits: ImageLimits, damaged: DamagePolicy, inks: TableTransform?
  ) throws(ImageFileError) {
    guard
      let pointer = CImageCodecs_JPEGReader_create(file.descriptor.rawValue, damaged == .keep)
    else { throw .outOfMemory }
    reader = JPEGReader(pointer: pointer)
    self.file = file
    var header = CImageCodecs_JPEGHeader()
    try CImageCodecs_JPEGReader_readHeader(pointer, &header).throwIfDecodingFailed(reader.report)
    let (width, height) = (Int(header.width), Int(header.height))
    try limits.check(width: width, height: height)
    guard header.isConvertible else {
      throw .unsupported(.jpegComponents(Int(header.components)))
    }
    self.inks = header.components == 4 ? inks : nil
    info = ImageInfo(
      format: .jpeg, width: width, height: height, pixels: PixelFormat(),
      heldBytes: Int(header.heldBytes))
    if inks != nil { inkRow = [UInt8](repeating: 0, count: 4 * width) }
  }

  var notes: [ImageNote] { decoderNotes(reader.report) + (trailer.map { [$0] } ?? []) }

  /// A remark on what stands behind the picture.
  private var trailer: ImageNote?

  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    if !isStarted {
      try check(CImageCodecs_JPEGReader_start(reader.pointer))
      isStarted = true
    }
    if let inks {
      try check(CImageCodecs_JPEGReader_readInkRow(reader.pointer, &inkRow))
      let inkRow = inkRow
      return inks.apply(inkRow.span, into: &row)
    }
    try row.withUnsafeMutableBufferPointer { bytes throws(ImageFileError) in
      guard let start = bytes.baseAddress else { return }
      try check(CImageCodecs_JPEGReader_readRow(reader.pointer, start))
    }
  }

  func finish() throws(ImageFileError) {
    try check(CImageCodecs_JPEGReader_finish(reader.pointer))
    let end = Int(CImageCodecs_JPEGReader_end(reader.pointer))
    if end > 0 { trailer = try JPEGTrailer.note(of: file, from: end) }
  }

  private func check(_ status: CImageCodecs_Status) throws(ImageFileError) {
    try status.throwIfDecodingFailed(reader.report)
  }
}

/// Owns libjpeg's state.
private struct JPEGReader: ~Copyable {
  let pointer: OpaquePointer

  var report: OpaquePointer { CImageCodecs_JPEGReader_report(pointer) }

  deinit { CImageCodecs_JPEGReader_destroy(pointer) }
}
