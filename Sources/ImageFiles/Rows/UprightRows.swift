/// The rows of `stored` turned upright.
///
/// Mirrored rows are turned one by one. Any other turn needs the whole picture: unless it goes to an
/// image at once, it is stored at the first row, and held from then on.
final class UprightRows: RowSource {
  let info: ImageInfo

  private let stored: any RowSource
  private let orientation: Orientation
  /// The picture, upright, once it has been read.
  private var picture: StoredImage?
  private var nextRow = 0

  init(_ stored: any RowSource, orientation: Orientation) {
    var info = stored.info
    info.orientation = orientation
    if orientation.swapsSides { swap(&info.width, &info.height) }
    if !orientation.keepsRows { info.heldBytes += info.height * info.bytesPerRow }
    self.info = info
    self.stored = stored
    self.orientation = orientation
  }

  var metadata: ImageMetadata { stored.metadata }
  var notes: [ImageNote] { stored.notes }

  func readRow(into row: inout MutableSpan<UInt8>) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    if orientation.keepsRows {
      try stored.readRow(into: &row)
      if orientation == .topRight { reversePixels(of: &row) }
    } else {
      try heldPicture().readRow(nextRow, into: &row)
    }
    nextRow += 1
  }

  private func heldPicture() throws(ImageFileError) -> StoredImage {
    if let picture { return picture }
    let picture = try StoredImage(
      width: info.width, height: info.height, pixels: info.pixels, replacedBy: info.pixels)
    _ = try store(in: picture) { _ in false }
    self.picture = picture
    return picture
  }

  func restart() throws(ImageFileError) {
    nextRow = 0
    if picture == nil { try stored.restart() }
  }

  /// Bytes beside a picture that is held elsewhere: nothing but a band of stored rows.
  var storingBytes: Int {
    stored.info.heldBytes + bandHeight * stored.info.bytesPerRow + lineBytes
  }

  /// Stored rows that are turned together: their columns are then runs of pixels.
  private var bandHeight: Int {
    if orientation.keepsRows { return 1 }
    return max(1, min(256, (1 << 22) / stored.info.bytesPerRow, stored.info.height))
  }

  /// Bytes that a band has of a row of the upright picture.
  private var lineBytes: Int {
    orientation.swapsSides ? bandHeight * info.pixels.bytesPerPixel : info.bytesPerRow
  }

  func store(
    in image: StoredImage, unless isCancelled: (_ rowsDone: Int) -> Bool
  ) throws(ImageFileError) -> Bool {
    let size = info.pixels.bytesPerPixel
    let (width, height) = (stored.info.width, stored.info.height)
    let storedRow = stored.info.bytesPerRow
    var band = [UInt8](repeating: 0, count: bandHeight * storedRow)
    var row = [UInt8](repeating: 0, count: storedRow)
    var run = [UInt8](repeating: 0, count: lineBytes)
    for first in stride(from: 0, to: height, by: bandHeight) {
      let rows = first..<min(first + bandHeight, height)
      for y in rows {
        if isCancelled(y) { return false }
        let start = (y - first) * storedRow
        try stored.readRow(into: &row)
        band.replaceSubrange(start..<start + storedRow, with: row)
      }
      // What lies along a line of the upright picture: stored rows, or columns of the band.
      let lines = orientation.swapsSides ? width : rows.count
      let length = orientation.swapsSides ? rows.count : width
      for line in 0..<lines {
        let (x, y) = orientation.swapsSides ? (line, rows.lowerBound) : (0, first + line)
        let (dx, dy) = orientation.swapsSides ? (0, length - 1) : (length - 1, 0)
        let start = orientation.upright(x: x, y: y, width: width, height: height)
        let end = orientation.upright(x: x + dx, y: y + dy, width: width, height: height)
        let from = ((y - first) * width + x) * size
        let step = orientation.swapsSides ? storedRow : size
        for pixel in 0..<length {
          let place = start.x <= end.x ? pixel : length - 1 - pixel
          for byte in 0..<size { run[place * size + byte] = band[from + pixel * step + byte] }
        }
        try image.writeRow(
          start.y, run.span.extracting(..<(length * size)), at: min(start.x, end.x) * size)
      }
    }
    return true
  }

  private func reversePixels(of row: inout MutableSpan<UInt8>) {
    let size = info.pixels.bytesPerPixel
    var (first, last) = (0, row.count - size)
    while first < last {
      for byte in 0..<size { row.swapAt(first + byte, last + byte) }
      first += size
      last -= size
    }
  }
}
