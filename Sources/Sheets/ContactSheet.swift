import ImageFiles

/// Pictures beside one another: rows with a label, columns with a heading.
public struct ContactSheet: Equatable, Sendable {
  public enum Cell: Equatable, Sendable {
    /// A picture, shrunk to fit, over white where it has alpha.
    case picture(Image)
    /// The reason why there is no picture, in a few words.
    case words(String)
  }

  public struct Row: Equatable, Sendable {
    /// The label, truncated in the middle where it is too long.
    public var label: String
    /// A smaller line below the label.
    public var note: String?
    /// The cells from left to right; where there are fewer than in other rows, the rest stays
    /// empty.
    public var cells: [Cell]
    /// A line below each cell; empty for none.
    public var captions: [String]

    public init(
      label: String = "", note: String? = nil, cells: [Cell], captions: [String] = []
    ) {
      self.label = label
      self.note = note
      self.cells = cells
      self.captions = captions
    }
  }

  public var title: String?
  /// A line below the title that explains the headings' words.
  public var note: String?
  public var headings: [String]
  public var rows: [Row]
  /// Pixels, at least 1. A picture is no wider, and no higher than 4/3 of it.
  public let cellWidth: Int

  /// The longest side that a JPEG file can hold, with a little to spare.
  public static let maximumSide = 65_500

  /// - Precondition: `cellWidth` is at least 1.
  public init(
    title: String? = nil, note: String? = nil, headings: [String] = [], rows: [Row] = [],
    cellWidth: Int = 320
  ) {
    precondition(cellWidth >= 1, "cellWidth is at least 1")
    self.title = title
    self.note = note
    self.headings = headings
    self.rows = rows
    self.cellWidth = cellWidth
  }

  /// Columns of cells at least so wide that have room on a sheet of this width without labels.
  public static func columns(of cellWidth: Int, in width: Int) -> Int {
    (width - 2 * SheetLayout.margin + SheetLayout.gutter) / (cellWidth + SheetLayout.gutter)
  }

  /// The width of cells of which so many fill a sheet of this width without labels.
  public static func cellWidth(columns: Int, in width: Int) -> Int {
    (width - 2 * SheetLayout.margin + SheetLayout.gutter) / columns - SheetLayout.gutter
  }

  /// The most columns of any row.
  var columnCount: Int { max(headings.count, rows.map(\.cells.count).max() ?? 0) }

  /// Makes what a sheet shows of a picture: all of it, by Lanczos where it is larger than a cell.
  ///
  /// A sheet makes these itself; who makes them earlier need not hold the large pictures.
  ///
  /// - Throws: `ImageFileError` of the source.
  public static func thumbnail(
    of source: any RowSource, cellWidth: Int
  ) throws(ImageFileError) -> Image {
    let (width, height) = (source.info.width, source.info.height)
    let fit = PictureFit(width: width, height: height, cellWidth: cellWidth)
    if (fit.width, fit.height) == (width, height) { return try Image(reading: source) }
    return try Image(reading: ResizedRows(source, width: fit.width, height: fit.height))
  }

  /// Draws the sheet as 8-bit RGB.
  ///
  /// - Throws: `ContactSheetError`.
  /// - Complexity: Time for the pixels of its pictures, memory for those of the sheet.
  public func render() throws(ContactSheetError) -> Image {
    let layout = SheetLayout(self)
    guard max(layout.width, layout.height) <= Self.maximumSide else {
      throw .tooLarge(
        width: layout.width, height: layout.height, maximumSide: Self.maximumSide)
    }
    var drawing = SheetDrawing(layout)
    if let title { drawing.draw(title: title) }
    if let note { drawing.draw(note: note) }
    drawing.draw(headings: headings)
    for (index, row) in rows.enumerated() {
      drawing.draw(label: row.label, note: row.note, row: index)
      drawing.draw(captions: row.captions, row: index)
      for (column, cell) in row.cells.enumerated() {
        switch cell {
        case .words(let words): drawing.draw(words: words, row: index, column: column)
        case .picture(let picture):
          do throws(ImageFileError) {
            let thumbnail = try Self.thumbnail(of: ImageRows(picture), cellWidth: cellWidth)
            drawing.draw(thumbnail, row: index, column: column)
          } catch {
            throw .picture(error)
          }
        }
      }
    }
    return drawing.canvas.image
  }
}
