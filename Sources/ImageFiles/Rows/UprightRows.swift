/// The rows of `stored` turned upright.
///
/// Mirrored rows are turned one by one. Any other turn needs the whole picture: it is read once,
/// at the first row, and held from then on.
final class UprightRows: RowSource {
  let info: ImageInfo

  private let stored: any RowSource
  private let orientation: Orientation
  /// The picture, upright, once it has been read.
  private var picture: [UInt8]?
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

  func readRow(into row: UnsafeMutableRawBufferPointer) throws(ImageFileError) {
    precondition(nextRow < info.height, "fewer rows were read than the picture has")
    precondition(row.count == info.bytesPerRow, "a row has info.bytesPerRow bytes")
    if orientation.keepsRows {
      try stored.readRow(into: row)
      if orientation == .topRight { reversePixels(of: row) }
    } else {
      if picture == nil { picture = try readWhole() }
      picture?.withUnsafeBytes { bytes in
        row.copyMemory(from: .init(rebasing: bytes[(nextRow * row.count)...].prefix(row.count)))
      }
    }
    nextRow += 1
  }

  func restart() throws(ImageFileError) {
    nextRow = 0
    if picture == nil { try stored.restart() }
  }

  /// Beside a picture that is held elsewhere nothing but a band of stored rows.
  var storingBytes: Int {
    stored.info.heldBytes + bandHeight * stored.info.bytesPerRow + lineBytes
  }

  /// Stored rows that are turned together: their columns are then runs of pixels.
  private var bandHeight: Int {
    if orientation.keepsRows { return 1 }
    return max(1, min(256, (1 << 22) / stored.info.bytesPerRow, stored.info.height))
  }

  /// What a band has of a row of the upright picture.
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
    var run = [UInt8](repeating: 0, count: lineBytes)
    for first in stride(from: 0, to: height, by: bandHeight) {
      let rows = first..<min(first + bandHeight, height)
      for y in rows {
        if isCancelled(y) { return false }
        let start = (y - first) * storedRow
        try withMutableBytes(of: &band, start..<start + storedRow, stored.readRow(into:))
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
        try withBytes(of: run, 0..<length * size) { bytes throws(ImageFileError) in
          try image.writeRow(start.y, bytes, at: min(start.x, end.x) * size)
        }
      }
    }
    return true
  }

  private func reversePixels(of row: UnsafeMutableRawBufferPointer) {
    let size = info.pixels.bytesPerPixel
    var (first, last) = (0, row.count - size)
    while first < last {
      for byte in 0..<size { row.swapAt(first + byte, last + byte) }
      first += size
      last -= size
    }
  }

  private func readWhole() throws(ImageFileError) -> [UInt8] {
    // Eight stored rows at a time: a turned column then fills a run of bytes, not single pixels.
    let bandHeight = 8
    let height = stored.info.height
    let storedRow = stored.info.bytesPerRow
    var band = [UInt8](repeating: 0, count: bandHeight * storedRow)
    var picture = [UInt8](repeating: 0, count: info.height * info.bytesPerRow)
    for firstRow in stride(from: 0, to: height, by: bandHeight) {
      let rows = firstRow..<min(firstRow + bandHeight, height)
      for y in rows {
        let start = (y - firstRow) * storedRow
        try withMutableBytes(of: &band, start..<start + storedRow, stored.readRow(into:))
      }
      picture.withUnsafeMutableBytes { upright in
        band.withUnsafeBytes { scatter($0, rows: rows, into: upright) }
      }
    }
    return picture
  }

  /// Copies the pixels of the stored `rows` to where they stand upright.
  private func scatter(
    _ band: UnsafeRawBufferPointer, rows: Range<Int>, into upright: UnsafeMutableRawBufferPointer
  ) {
    let (width, height) = (stored.info.width, stored.info.height)
    let size = info.pixels.bytesPerPixel
    let uprightRow = info.bytesPerRow
    func place(_ x: Int, _ y: Int) -> Int {
      let (x, y) = orientation.upright(x: x, y: y, width: width, height: height)
      return y * uprightRow + x * size
    }
    let origin = place(0, rows.lowerBound)
    let (right, down) = (place(1, rows.lowerBound) - origin, place(0, rows.lowerBound + 1) - origin)
    for x in 0..<width {
      for y in 0..<rows.count {
        let from = (y * width + x) * size
        let to = origin + x * right + y * down
        for byte in 0..<size { upright[to + byte] = band[from + byte] }
      }
    }
  }
}
