import Glibc
import SystemFiles

/// A whole picture's samples, in memory or in a scratch file, a row at a time.
///
/// Rows may be replaced in place by those of another picture, of another format: a photograph's by
/// its painting's. Several threads may use it at a time, each another row.
public final class StoredImage: @unchecked Sendable {
  public let width, height: Int
  /// The format of the picture that is there: the first one until `finishReplacing(by:)`.
  public private(set) var pixels: PixelFormat

  private let bytesPerPlace: Int
  private let storage: Storage

  private enum Storage {
    /// Pages of its own, which the system gets back at once.
    case memory(UnsafeMutableRawPointer, byteCount: Int)
    case scratch(ScratchFile)
  }

  /// - Parameters:
  ///   - width: Pixels of a row.
  ///   - height: Rows.
  ///   - pixels: The format of the rows to begin with.
  ///   - widest: The format that a row may be replaced by: there is room for the larger of both.
  ///   - scratch: A file of at least `byteCount`; nil to hold the samples in memory.
  /// - Throws: `ImageFileError.outOfMemory`.
  public init(
    width: Int, height: Int, pixels: PixelFormat, replacedBy widest: PixelFormat,
    scratch: ScratchFile? = nil
  ) throws(ImageFileError) {
    self.width = width
    self.height = height
    self.pixels = pixels
    bytesPerPlace = max(pixels.bytesPerRow(width: width), widest.bytesPerRow(width: width))
    let byteCount = height * bytesPerPlace
    if let scratch {
      precondition(scratch.byteCount >= byteCount, "scratch holds the rows")
      storage = .scratch(scratch)
    } else {
      let pages = mmap(
        nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let pages, pages != MAP_FAILED else { throw .outOfMemory }
      storage = .memory(pages, byteCount: byteCount)
    }
  }

  deinit {
    if case .memory(let start, let byteCount) = storage { munmap(start, byteCount) }
  }

  /// Counts the bytes that a picture takes.
  public static func byteCount(
    width: Int, height: Int, pixels: PixelFormat, replacedBy widest: PixelFormat
  ) -> Int {
    height * max(pixels.bytesPerRow(width: width), widest.bytesPerRow(width: width))
  }

  public var bytesPerRow: Int { pixels.bytesPerRow(width: width) }

  /// Puts a row of another picture in the place of one that is read no more.
  ///
  /// - Parameters:
  ///   - y: The row.
  ///   - format: The other picture's format.
  ///   - fill: Fills in every byte of the row; what it finds is what stands in that place.
  /// - Precondition: there is room for it.
  /// - Throws: `ImageFileError.scratch`.
  public func replaceRow(
    _ y: Int, by format: PixelFormat, _ fill: (inout MutableSpan<UInt8>) -> Void
  ) throws(ImageFileError) {
    let count = format.bytesPerRow(width: width)
    precondition(count <= bytesPerPlace && y < height, "there is room for the row")
    switch storage {
    case .memory(let start, _):
      var row = UnsafeMutableRawBufferPointer(start: start + y * bytesPerPlace, count: count)
        .bindMemory(to: UInt8.self).mutableSpan
      fill(&row)
    case .scratch(let file):
      var bytes = [UInt8](repeating: 0, count: count)
      var row = bytes.mutableSpan
      fill(&row)
      try bytes.span.withUnsafeBytes { bytes throws(ImageFileError) in
        do throws(ScratchFileError) {
          try file.write(bytes, at: y * bytesPerPlace)
        } catch {
          throw .scratch(error)
        }
      }
    }
  }

  /// Makes the other picture the one that is there from now on.
  ///
  /// - Precondition: every row was replaced by one of `format`.
  public func finishReplacing(by format: PixelFormat) { pixels = format }

  /// Shows row `y`, of the picture's format.
  ///
  /// - Throws: `ImageFileError.scratch`, or what `body` throws.
  public func withRow(_ y: Int, _ body: (Span<UInt8>) throws(ImageFileError) -> Void)
    throws(ImageFileError)
  {
    precondition(y < height, "a row of this picture")
    switch storage {
    case .memory(let start, _):
      try body(
        UnsafeRawBufferPointer(start: start + y * bytesPerPlace, count: bytesPerRow)
          .bindMemory(to: UInt8.self).span)
    case .scratch:
      var row = [UInt8](repeating: 0, count: bytesPerRow)
      try readRow(y, into: &row)
      try body(row.span)
    }
  }

  /// Copies row `y` into `row`, of the picture's format.
  ///
  /// - Throws: `ImageFileError.scratch`.
  public func readRow(_ y: Int, into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    precondition(row.count == bytesPerRow && y < height, "a row of this picture")
    try row.withUnsafeMutableBytes { row throws(ImageFileError) in
      switch storage {
      case .memory(let start, _):
        row.copyMemory(
          from: UnsafeRawBufferPointer(start: start + y * bytesPerPlace, count: row.count))
      case .scratch(let file):
        do throws(ScratchFileError) { try file.read(at: y * bytesPerPlace, into: row) } catch {
          throw .scratch(error)
        }
      }
    }
  }

  /// Copies row `y` into all of `row`.
  public func readRow(_ y: Int, into row: inout [UInt8]) throws(ImageFileError) {
    var bytes = row.mutableSpan
    try readRow(y, into: &bytes)
  }

  /// Puts `bytes` in place of those of row `y` from `offset` on.
  ///
  /// - Throws: `ImageFileError.scratch`.
  public func writeRow(_ y: Int, _ bytes: Span<UInt8>, at offset: Int = 0)
    throws(ImageFileError)
  {
    precondition(offset + bytes.count <= bytesPerRow && y < height, "a row of this picture")
    try bytes.withUnsafeBytes { bytes throws(ImageFileError) in
      switch storage {
      case .memory(let start, _):
        UnsafeMutableRawBufferPointer(
          start: start + y * bytesPerPlace + offset, count: bytes.count
        ).copyMemory(from: bytes)
      case .scratch(let file):
        do throws(ScratchFileError) {
          try file.write(bytes, at: y * bytesPerPlace + offset)
        } catch {
          throw .scratch(error)
        }
      }
    }
  }
}

/// The rows of a stored image, as they are now.
public final class StoredRows: RowSource {
  public let info: ImageInfo
  private let image: StoredImage
  private var nextRow = 0

  /// - Parameters:
  ///   - image: The picture whose rows these are.
  ///   - format: The format of the file, as `info` gives it.
  public init(_ image: StoredImage, format: ImageFormat = .png) {
    self.image = image
    info = ImageInfo(
      format: format, width: image.width, height: image.height, pixels: image.pixels)
  }

  public func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    try image.readRow(nextRow, into: &row)
    nextRow += 1
  }

  public func restart() { nextRow = 0 }
}
