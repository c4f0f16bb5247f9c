import CImageCodecs
import SystemPackage

/// libpng on one file.
final class PNGDecoder: Decoder {
  let info: ImageInfo

  /// The file, kept open as long as libpng reads it.
  private let file: SourceFile
  private let reader: PNGReader
  private let isInterlaced: Bool
  private let damaged: DamagePolicy
  private var isStarted = false
  /// The whole picture, where it is interlaced, the next row of it, and why it is incomplete.
  private var picture: [UInt8] = []
  private var nextRow = 0
  private var damage: String?

  /// Reads the header.
  ///
  /// - Throws: `ImageFileError`.
  init(
    _ file: SourceFile, limits: ImageLimits, damaged: DamagePolicy
  ) throws(ImageFileError) {
    guard
      let pointer = CImageCodecs_PNGReader_create(file.descriptor.rawValue, damaged == .keep)
    else { throw .outOfMemory }
    reader = PNGReader(pointer: pointer)
    self.file = file
    self.damaged = damaged
    var header = CImageCodecs_PNGHeader()
    try CImageCodecs_PNGReader_readHeader(pointer, UInt32(clamping: limits.maximumSide), &header)
      .throwIfDecodingFailed(reader.report)
    let (width, height) = (Int(header.width), Int(header.height))
    try limits.check(width: width, height: height)
    let pixels = PixelFormat(
      hasAlpha: header.hasAlpha, depth: header.bitDepth == 16 ? .sixteen : .eight)
    isInterlaced = header.isInterlaced
    info = ImageInfo(
      format: .png, width: width, height: height, pixels: pixels,
      heldBytes: header.isInterlaced ? height * pixels.bytesPerRow(width: width) : 0)
  }

  var notes: [ImageNote] {
    (damage.map { [.damaged($0)] } ?? []) + decoderNotes(reader.report)
  }

  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    if !isStarted {
      try check(CImageCodecs_PNGReader_start(reader.pointer))
      isStarted = true
      if isInterlaced { try readPicture() }
    }
    if isInterlaced {
      let line = picture[(nextRow * row.count)...].prefix(row.count)
      row.copy(line.span)
      nextRow += 1
    } else {
      try row.withUnsafeMutableBufferPointer { bytes throws(ImageFileError) in
        guard let start = bytes.baseAddress else { return }
        try check(CImageCodecs_PNGReader_readRow(reader.pointer, start))
      }
    }
  }

  func finish() throws(ImageFileError) {
    // What follows an interlaced picture was checked when it was read.
    if !isInterlaced { try check(CImageCodecs_PNGReader_finish(reader.pointer)) }
  }

  func rewind() -> Bool {
    nextRow = 0
    return isInterlaced && isStarted
  }

  /// Decodes all passes; they can't be had row by row.
  private func readPicture() throws(ImageFileError) {
    picture = [UInt8](repeating: 0, count: info.height * info.bytesPerRow)
    do throws(ImageFileError) {
      let status = picture.withUnsafeMutableBufferPointer { bytes in
        bytes.baseAddress.map {
          CImageCodecs_PNGReader_readPicture(reader.pointer, $0, info.bytesPerRow)
        }
      }
      try check(status ?? .success)
      try check(CImageCodecs_PNGReader_finish(reader.pointer))
    } catch {
      guard damaged == .keep, case .damaged(let words) = error else { throw error }
      damage = words
    }
  }

  private func check(_ status: CImageCodecs_Status) throws(ImageFileError) {
    try status.throwIfDecodingFailed(reader.report)
  }
}

/// Owns libpng's state.
private struct PNGReader: ~Copyable {
  let pointer: OpaquePointer

  var report: OpaquePointer { CImageCodecs_PNGReader_report(pointer) }

  deinit { CImageCodecs_PNGReader_destroy(pointer) }
}
