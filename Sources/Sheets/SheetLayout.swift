import ImageFiles

/// The places of everything on a contact sheet, in pixels.
///
/// From the top: the title, its note, the headings, then the rows, each as high as its highest cell or its
/// label, and what is written below its cells. From the left: the labels, then the columns. What there is none of takes no room.
struct SheetLayout {
  let width, height: Int
  let cellWidth: Int
  /// One line each, over the whole width and over the columns.
  let title, note, headings: Rectangle
  let labelWidth: Int
  /// The left edges of the columns.
  let columns: [Int]
  /// The upper edges and heights of the rows.
  let rows: [(y: Int, height: Int)]

  static let margin = 28
  static let gutter = 16
  static let titleFont = StrokeFont(size: 24)
  static let headingFont = StrokeFont(size: 16)
  static let labelFont = StrokeFont(size: 15)
  static let noteFont = StrokeFont(size: 12)
  /// The space around the words of a cell.
  static let padding = 12

  init(_ sheet: ContactSheet) {
    let (margin, gutter, cellWidth) = (Self.margin, Self.gutter, sheet.cellWidth)
    self.cellWidth = cellWidth
    labelWidth = Self.labelWidth(sheet)
    let left = margin + (labelWidth > 0 ? labelWidth + gutter : 0)
    columns = (0..<sheet.columnCount).map { left + $0 * (cellWidth + gutter) }
    let right = columns.last.map { $0 + cellWidth } ?? margin + labelWidth
    width = right + margin

    var y = margin
    let titleHeight = sheet.title == nil ? 0 : Self.titleFont.lineHeight
    title = Rectangle(x: margin, y: y, width: right - margin, height: titleHeight)
    y += titleHeight
    let noteHeight = sheet.note == nil ? 0 : Self.labelFont.lineHeight
    note = Rectangle(x: margin, y: y, width: right - margin, height: noteHeight)
    y += noteHeight
    if titleHeight + noteHeight > 0 { y += gutter }
    let headingHeight = sheet.headings.isEmpty ? 0 : Self.headingFont.lineHeight
    headings = Rectangle(x: left, y: y, width: right - left, height: headingHeight)
    if headingHeight > 0 { y += headingHeight + gutter / 2 }
    var rows: [(y: Int, height: Int)] = []
    for row in sheet.rows {
      let height = Self.height(of: row, cellWidth: cellWidth)
      rows.append((y, height))
      y += height + (row.captions.isEmpty ? 0 : Self.labelFont.lineHeight) + gutter
    }
    self.rows = rows
    height = y + margin - (rows.isEmpty ? 0 : gutter)
  }

  func cell(row: Int, column: Int) -> Rectangle {
    Rectangle(x: columns[column], y: rows[row].y, width: cellWidth, height: rows[row].height)
  }

  /// The line below a cell.
  func caption(row: Int, column: Int) -> Rectangle {
    var place = cell(row: row, column: column)
    (place.y, place.height) = (place.y + place.height, Self.labelFont.lineHeight)
    return place
  }

  /// Finds the place of a picture: the middle of its cell.
  func place(_ fit: PictureFit, row: Int, column: Int) -> Rectangle {
    let cell = cell(row: row, column: column)
    let (width, height) = (fit.width * fit.scale, fit.height * fit.scale)
    return Rectangle(
      x: cell.x + (cell.width - width) / 2, y: cell.y + (cell.height - height) / 2,
      width: width, height: height)
  }

  /// Breaks the words of a cell into lines.
  static func lines(of words: String, cellWidth: Int) -> [String] {
    labelFont.wrapped(words, to: Double(cellWidth - 2 * padding))
  }

  private static func labelWidth(_ sheet: ContactSheet) -> Int {
    let widths = sheet.rows.map { row in
      max(labelFont.width(of: row.label), row.note.map(noteFont.width) ?? 0)
    }
    // File names are long; the pictures matter more.
    return min(Int((widths.max() ?? 0).rounded(.up)), max(160, sheet.cellWidth * 5 / 8))
  }

  private static func height(of row: ContactSheet.Row, cellWidth: Int) -> Int {
    let heights = row.cells.map { cell in
      switch cell {
      case .picture(let picture):
        let fit = PictureFit(width: picture.width, height: picture.height, cellWidth: cellWidth)
        return fit.height * fit.scale
      case .words(let words):
        return lines(of: words, cellWidth: cellWidth).count * labelFont.lineHeight + 2 * padding
      }
    }
    let label = labelFont.lineHeight + (row.note == nil ? 0 : noteFont.lineHeight)
    return max(label, heights.max() ?? 0)
  }
}
