import CImageCodecs
import SystemPackage

/// libjpeg on one file.
final class JPEGDecoder: Decoder {
  let info: ImageInfo

  /// The file, kept open as long as libjpeg reads it.
  private let file: SourceFile
  private let reader: JPEGReader
  private var isStarted = false

  /// Reads the header.
  ///
  /// - Throws: `ImageFileError`.
  init(
    _ file: SourceFile, limits: ImageLimits, damaged: DamagePolicy
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
    info = ImageInfo(
      format: .jpeg, width: width, height: height, pixels: PixelFormat(),
      heldBytes: Int(header.heldBytes))
  }

  var notes: [ImageNote] { decoderNotes(reader.report) }

  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    if !isStarted {
      try check(CImageCodecs_JPEGReader_start(reader.pointer))
      isStarted = true
    }
    try row.withUnsafeMutableBufferPointer { bytes throws(ImageFileError) in
      guard let start = bytes.baseAddress else { return }
      try check(CImageCodecs_JPEGReader_readRow(reader.pointer, start))
    }
  }

  func finish() throws(ImageFileError) {
    try check(CImageCodecs_JPEGReader_finish(reader.pointer))
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
