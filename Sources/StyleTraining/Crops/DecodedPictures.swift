import ImageFiles
import SystemPackage
import Tensors

/// The pictures that crops are taken from, decoded when one is asked for, no larger than its frame,
/// and kept while there is room.
///
/// None makes way for another: an epoch asks for every picture once, so that the one that was used
/// last is the last one to be asked for again.
final class DecodedPictures: Sendable {
  let paths: [FilePath]
  private let side: Int
  private let limits: ImageLimits
  private let byteLimit: Int
  private let state = Monitor(State())

  private struct State {
    var kept: [Int: Image] = [:]
    var keptBytes = 0
    var unreadable: [Int: ImageFileError] = [:]
    /// Pictures that a thread is decoding.
    var underway: Set<Int> = []
    var decodings = 0
  }

  /// What a thread that asks for a picture has to do.
  private enum Turn {
    case take(Image?)
    case decode
  }

  /// - Parameters:
  ///   - side: A crop's.
  ///   - byteLimit: The most bytes of pictures that are kept.
  init(_ paths: [FilePath], side: Int, limits: ImageLimits, byteLimit: Int) {
    self.paths = paths
    self.side = side
    self.limits = limits
    self.byteLimit = byteLimit
  }

  /// Pictures that were tried and can't be read, in the order of the list.
  var skipped: [SkippedPicture] {
    state.withLock { state in
      state.unreadable.sorted { $0.key < $1.key }
        .map { SkippedPicture(path: paths[$0.key], reason: $0.value) }
    }
  }

  /// Bytes of the pictures that are kept.
  var keptBytes: Int { state.withLock { $0.keptBytes } }

  /// Times that a file was decoded, or tried.
  var decodings: Int { state.withLock { $0.decodings } }

  /// A picture, 8 bits and no alpha.
  ///
  /// - Parameter isCancelled: The question whether to stop, asked at every row.
  /// - Returns: nil where it can't be read, or it was cancelled.
  func picture(_ number: Int, unless isCancelled: () -> Bool) -> Image? {
    let turn = state.wait { state -> Turn? in
      if state.unreadable[number] != nil { return .take(nil) }
      if let image = state.kept[number] { return .take(image) }
      guard state.underway.insert(number).inserted else { return nil }
      state.decodings += 1
      return .decode
    }
    if case .take(let image) = turn { return image }
    let result = Result { () throws(ImageFileError) in
      try decoded(paths[number], unless: isCancelled)
    }
    state.change { state in
      state.underway.remove(number)
      switch result {
      case .success(let image?) where state.keptBytes + image.bytes.count <= byteLimit:
        state.kept[number] = image
        state.keptBytes += image.bytes.count
      case .success: break
      case .failure(let error): state.unreadable[number] = error
      }
    }
    return try? result.get()
  }

  /// A file's picture, shrunk to its frame unless it is smaller. Colours are as they are whatever
  /// the alpha, white where it is 0.
  ///
  /// - Returns: nil where it was cancelled.
  private func decoded(
    _ path: FilePath, unless isCancelled: () -> Bool
  ) throws(ImageFileError) -> Image? {
    var rows = try ImageFile.open(path, limits: limits)
    let frame = CropPlace.frame(width: rows.info.width, height: rows.info.height, side: side)
    if min(rows.info.width, rows.info.height) > min(frame.width, frame.height) {
      rows = ResizedRows(rows, width: frame.width, height: frame.height)
    }
    let info = rows.info
    var row = [UInt8](repeating: 0, count: info.bytesPerRow)
    var colors = [Float](repeating: 0, count: 3 * info.width)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(info.height * colors.count)
    for _ in 0..<info.height {
      if isCancelled() { return nil }
      try rows.readRow(into: &row)
      var samples = colors.mutableSpan
      info.pixels.readColors(of: row.span, into: &samples, hidden: SIMD3(repeating: 255))
      for color in colors { bytes.append(UInt8(color.rounded())) }
    }
    return Image(width: info.width, height: info.height, pixels: PixelFormat(), bytes: bytes)
  }
}
