import ImageFiles
import Testing

@testable import Sheets

@Suite struct ContactSheetTests {
  private let red = Canvas.Color(220, 30, 40)
  private let blue = Canvas.Color(20, 60, 200)

  @Test func picturesAreWhereTheirCellsAre() throws {
    let sheet = ContactSheet(
      headings: ["a", "b"],
      rows: [
        .init(label: "first", cells: [.picture(.solid(200, 100, red))]),
        .init(label: "second", cells: [.words("none here"), .picture(.solid(50, 90, blue))]),
      ],
      cellWidth: 100)
    let image = try sheet.render()
    let layout = SheetLayout(sheet)
    #expect((image.width, image.height) == (layout.width, layout.height))
    let paper = image.color(0, 0)

    #expect(bounds(of: red, in: image) == layout.cell(row: 0, column: 0))
    let second = layout.cell(row: 1, column: 1)
    #expect(
      bounds(of: blue, in: image)
        == Rectangle(x: second.x + 25, y: second.y, width: 50, height: 90))
    // Words stand on a panel of their own; a cell that isn't there stays paper.
    let words = layout.cell(row: 1, column: 0)
    let empty = layout.cell(row: 0, column: 1)
    #expect(image.color(words.x, words.y) != paper)
    #expect(colors(of: image, in: words).count > 2)
    #expect(colors(of: image, in: empty) == [paper])
  }

  @Test func titleHeadingsAndLabelsAreDrawn() throws {
    let row = ContactSheet.Row(label: "label", note: "note", cells: [.words("words")])
    let sheet = ContactSheet(title: "title", note: "note", headings: ["heading"], rows: [row])
    let layout = SheetLayout(sheet)
    let image = try sheet.render()
    let (y, height) = layout.rows[0]
    let label = Rectangle(x: SheetLayout.margin, y: y, width: layout.labelWidth, height: height)
    for place in [
      layout.title, layout.note, layout.headings, label, layout.cell(row: 0, column: 0),
    ] {
      #expect(colors(of: image, in: place).count > 10)
    }
    // Other words of the same size: only what is drawn differs.
    var other = sheet
    other.rows[0].note = "tone"
    #expect(try other.render() != image)
  }

  /// Each under its own cell; of those without one the paper stays.
  @Test func captionsAreDrawnUnderTheirCells() throws {
    let cells = [red, blue, red].map { ContactSheet.Cell.picture(.solid(90, 60, $0)) }
    var sheet = ContactSheet(rows: [.init(cells: cells, captions: ["first", "", "third"])])
    let layout = SheetLayout(sheet)
    let image = try sheet.render()
    let drawn = (0..<3).map { colors(of: image, in: layout.caption(row: 0, column: $0)).count }
    #expect(drawn[0] > 10 && drawn[1] == 1 && drawn[2] > 10)
    // The pictures are where they are without.
    sheet.rows[0].captions = []
    let bare = try sheet.render()
    for (column, color) in [red, blue, red].enumerated() {
      let cell = layout.cell(row: 0, column: column)
      #expect(colors(of: image, in: cell) == colors(of: bare, in: cell))
      #expect(colors(of: image, in: cell).contains(color))
    }
  }

  @Test func aLongCaptionStaysUnderItsCell() throws {
    let cells = [ContactSheet.Cell.picture(.solid(90, 60, red)), .picture(.solid(90, 60, blue))]
    let captions = [String(repeating: "long ", count: 40), ""]
    let sheet = ContactSheet(rows: [.init(cells: cells, captions: captions)], cellWidth: 90)
    let place = SheetLayout(sheet).caption(row: 0, column: 0)
    let image = try sheet.render()
    #expect(colors(of: image, in: place).count > 10)
    let right = place.x + place.width
    let beside = Rectangle(x: right + 1, y: place.y, width: image.width - right - 1, height: 21)
    #expect(colors(of: image, in: beside).count == 1)
  }

  @Test func transparentPictureIsLaidOverWhite() throws {
    let clear = Image(
      width: 200, height: 200, pixels: PixelFormat(hasAlpha: true),
      bytes: [UInt8](repeating: 0, count: 160_000))
    let sheet = ContactSheet(rows: [.init(label: "", cells: [.picture(clear)])], cellWidth: 90)
    let cell = SheetLayout(sheet).cell(row: 0, column: 0)
    #expect(colors(of: try sheet.render(), in: cell) == [Canvas.Color(repeating: 255)])
  }

  /// Who lets go of the large pictures early gets the same sheet.
  @Test func thumbnailsStandForTheirPictures() throws {
    let picture = Image(
      width: 150, height: 110, pixels: PixelFormat(),
      bytes: (0..<150 * 110 * 3).map { UInt8(truncatingIfNeeded: $0 * $0 / 31) })
    let thumbnail = try ContactSheet.thumbnail(of: ImageRows(picture), cellWidth: 70)
    #expect((thumbnail.width, thumbnail.height) == (70, 51))
    func sheet(_ picture: Image) throws -> Image {
      try ContactSheet(rows: [.init(label: "x", cells: [.picture(picture)])], cellWidth: 70)
        .render()
    }
    #expect(try sheet(picture) == sheet(thumbnail))
  }

  @Test func narrowestCellsAreDrawn() throws {
    let cells = [ContactSheet.Cell.picture(.solid(9, 9, red)), .words("no room for these")]
    let row = ContactSheet.Row(label: "x", cells: cells)
    let sheet = ContactSheet(title: "x", headings: ["x"], rows: [row], cellWidth: 1)
    #expect(bounds(of: red, in: try sheet.render())?.width == 1)
  }

  @Test func emptySheetIsPaper() throws {
    let image = try ContactSheet().render()
    #expect(colors(of: image, in: Rectangle(x: 0, y: 0, width: 999, height: 999)).count == 1)
  }

  @Test func sheetThatNoJPEGFileHoldsIsRefused() throws {
    let sheet = ContactSheet(headings: Array(repeating: "x", count: 100), cellWidth: 700)
    let layout = SheetLayout(sheet)
    #expect(layout.width > 65_500)
    let error = ContactSheetError.tooLarge(
      width: layout.width, height: layout.height, maximumSide: 65_500)
    #expect(throws: error) { try sheet.render() }
    let words = error.description
    #expect(words.contains("\(layout.width)x\(layout.height)") && words.contains("65500"))

    let rows = Array(repeating: ContactSheet.Row(label: "x", cells: []), count: 2_000)
    #expect(throws: ContactSheetError.self) { try ContactSheet(rows: rows).render() }
  }

  /// The least rectangle around all pixels of `color`.
  private func bounds(of color: Canvas.Color, in image: Image) -> Rectangle? {
    var (columns, rows) = (Set<Int>(), Set<Int>())
    for y in 0..<image.height {
      for x in 0..<image.width where image.color(x, y) == color {
        columns.insert(x)
        rows.insert(y)
      }
    }
    guard let left = columns.min(), let right = columns.max(), let top = rows.min(),
      let bottom = rows.max()
    else { return nil }
    return Rectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  private func colors(of image: Image, in rectangle: Rectangle) -> Set<Canvas.Color> {
    let whole = Rectangle(x: 0, y: 0, width: image.width, height: image.height)
    let visible = rectangle.intersection(whole)
    return Set(visible.rows.flatMap { y in visible.columns.map { image.color($0, y) } })
  }
}
