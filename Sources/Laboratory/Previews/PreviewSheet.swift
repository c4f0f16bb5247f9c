import ImageFiles
import Sheets

/// The sheet in the making: each picture, and then it in each style, row after row.
public struct PreviewSheet {
  public let styles: [String]
  /// The width of each picture.
  public let cellWidth: Int
  /// Pictures that couldn't be shown.
  public var failed = 0

  private let columns: Int
  private var cells: [[(Image, String)]] = []

  /// Columns are at least so wide.
  private static let preferredCell = 228

  public init(width: Int, styles: [String]) {
    self.styles = styles
    columns = min(styles.count + 1, max(2, ContactSheet.columns(of: Self.preferredCell, in: width)))
    cellWidth = ContactSheet.cellWidth(columns: columns, in: width)
  }

  /// Begins the rows of a photograph.
  public mutating func begin(_ photograph: Image) {
    cells.append([(photograph, "the photograph")])
  }

  /// Adds it in the next style.
  public mutating func add(_ painting: Image) {
    let last = cells.count - 1
    cells[last].append((painting, styles[cells[last].count - 1]))
  }

  /// Draws the sheet.
  ///
  /// - Throws: `ContactSheetError` where it is too large.
  public func image() throws(ContactSheetError) -> Image {
    var sheet = ContactSheet(cellWidth: cellWidth)
    for picture in cells {
      for start in stride(from: 0, to: picture.count, by: columns) {
        let row = picture[start..<min(start + columns, picture.count)]
        sheet.rows.append(
          ContactSheet.Row(cells: row.map { .picture($0.0) }, captions: row.map(\.1)))
      }
    }
    return try sheet.render()
  }
}
