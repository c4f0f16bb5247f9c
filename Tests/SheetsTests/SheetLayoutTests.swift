import ImageFiles
import Testing

@testable import Sheets

@Suite struct SheetLayoutTests {
  private let sheet = ContactSheet(
    title: "A title", note: "and a note", headings: ["one", "two", "three"],
    rows: [
      .init(
        label: "wide", note: "90 × 30",
        cells: [.picture(.solid(90, 30, .zero)), .picture(.solid(300, 100, .zero))]),
      .init(
        label: String(repeating: "long", count: 50),
        cells: [.words("none"), .words("none"), .picture(.solid(100, 300, .zero))]),
      .init(label: "no cells", cells: []),
    ],
    cellWidth: 120)

  @Test func nothingOverlapsOrLeavesTheSheet() {
    let layout = SheetLayout(sheet)
    var places = [layout.title, layout.note, layout.headings]
    for row in sheet.rows.indices {
      let (y, height) = layout.rows[row]
      places.append(
        Rectangle(x: SheetLayout.margin, y: y, width: layout.labelWidth, height: height))
      places += layout.columns.indices.map { layout.cell(row: row, column: $0) }
    }
    let margin = SheetLayout.margin
    let inside = Rectangle(
      x: margin, y: margin, width: layout.width - 2 * margin, height: layout.height - 2 * margin)
    for (index, place) in places.enumerated() {
      #expect(place.width > 0 && place.height > 0)
      #expect(place.intersection(inside) == place)
      for other in places[..<index] {
        let both = place.intersection(other)
        #expect(both.columns.isEmpty || both.rows.isEmpty)
      }
    }
  }

  @Test func picturesStandInTheMiddleOfTheirCells() {
    let layout = SheetLayout(sheet)
    let fit = PictureFit(width: 100, height: 300, cellWidth: 120)
    let (cell, place) = (layout.cell(row: 1, column: 2), layout.place(fit, row: 1, column: 2))
    #expect(place == Rectangle(x: cell.x + 33, y: cell.y, width: 53, height: 160))
  }

  @Test func rowsAreAsHighAsTheirHighestPicture() {
    let heights = SheetLayout(sheet).rows.map(\.height)
    let label = SheetLayout.labelFont.lineHeight
    // 300 × 100 in 120, with two lines of label beside it; 100 × 300 in 160; a line of label.
    #expect(heights == [max(40, label + SheetLayout.noteFont.lineHeight), 160, label])
  }

  @Test func longLabelsTakeNoMoreThanTheirShare() {
    #expect(SheetLayout(sheet).labelWidth == 160)
    var sheet = sheet
    sheet.rows.remove(at: 1)
    let width = SheetLayout.labelFont.width(of: "no cells")
    #expect(SheetLayout(sheet).labelWidth == Int(width.rounded(.up)))
  }

  @Test func whatThereIsNoneOfTakesNoRoom() {
    let rows = [ContactSheet.Row(label: "", cells: [.picture(.solid(100, 80, .zero))])]
    let layout = SheetLayout(ContactSheet(rows: rows, cellWidth: 100))
    let margin = SheetLayout.margin
    #expect(
      layout.cell(row: 0, column: 0) == Rectangle(x: margin, y: margin, width: 100, height: 80))
    #expect(layout.width == 100 + 2 * margin)
    #expect(layout.height == 80 + 2 * margin)
  }

  @Test func captionsTakeALineBelowTheirRow() {
    var captioned = sheet
    captioned.rows[0].captions = ["one", "two"]
    captioned.rows[2].captions = ["under nothing"]
    let (before, after) = (SheetLayout(sheet), SheetLayout(captioned))
    let line = SheetLayout.labelFont.lineHeight
    #expect(after.height == before.height + 2 * line && after.width == before.width)
    #expect(after.rows.map(\.height) == before.rows.map(\.height))
    #expect(zip(after.rows, before.rows).map { $0.y - $1.y } == [0, line, line])
    for column in 0..<2 {
      let (cell, place) = (
        after.cell(row: 0, column: column), after.caption(row: 0, column: column)
      )
      #expect((place.x, place.width, place.height) == (cell.x, cell.width, line))
      #expect(place.y == cell.y + cell.height && place.y + line < after.rows[1].y)
    }
  }

  /// Without labels, whose room it would be.
  @Test(arguments: [(200, 900), (228, 1280), (100, 320)])
  func cellsFillTheWidth(_ cellWidth: Int, _ width: Int) {
    let columns = ContactSheet.columns(of: cellWidth, in: width)
    let widest = ContactSheet.cellWidth(columns: columns, in: width)
    #expect(widest >= cellWidth && ContactSheet.columns(of: widest + 1, in: width) < columns)
    let cells = Array(repeating: ContactSheet.Cell.words("x"), count: columns)
    let layout = SheetLayout(ContactSheet(rows: [.init(cells: cells)], cellWidth: widest))
    #expect((width - columns...width).contains(layout.width))
  }
}
