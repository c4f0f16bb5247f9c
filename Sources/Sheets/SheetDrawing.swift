import ImageFiles

/// Draws the parts of a contact sheet where its layout says.
struct SheetDrawing {
  private(set) var canvas: Canvas
  private let layout: SheetLayout

  private static let paper = Canvas.Color(repeating: 245)
  private static let panel = Canvas.Color(repeating: 234)
  private static let ink = Canvas.Color(repeating: 34)
  private static let paleInk = Canvas.Color(repeating: 110)

  init(_ layout: SheetLayout) {
    self.layout = layout
    canvas = Canvas(width: layout.width, height: layout.height, color: Self.paper)
  }

  mutating func draw(title: String) {
    draw([title], SheetLayout.titleFont, in: layout.title, color: Self.ink, alignment: .left)
  }

  mutating func draw(note: String) {
    draw([note], SheetLayout.labelFont, in: layout.note, color: Self.paleInk, alignment: .left)
  }

  mutating func draw(headings: [String]) {
    for (heading, x) in zip(headings, layout.columns) {
      var place = layout.headings
      (place.x, place.width) = (x, layout.cellWidth)
      draw([heading], SheetLayout.headingFont, in: place, color: Self.ink, alignment: .center)
    }
  }

  mutating func draw(label: String, note: String?, row: Int) {
    let (y, height) = layout.rows[row]
    let (font, noteFont) = (SheetLayout.labelFont, SheetLayout.noteFont)
    let noteHeight = note == nil ? 0 : noteFont.lineHeight
    var place = Rectangle(
      x: SheetLayout.margin, y: y + (height - font.lineHeight - noteHeight) / 2,
      width: layout.labelWidth, height: font.lineHeight)
    draw([label], font, in: place, color: Self.ink, alignment: .left)
    if let note {
      (place.y, place.height) = (place.y + font.lineHeight, noteHeight)
      draw([note], noteFont, in: place, color: Self.paleInk, alignment: .left)
    }
  }

  mutating func draw(captions: [String], row: Int) {
    for (column, caption) in captions.enumerated() {
      draw(
        [caption], SheetLayout.labelFont, in: layout.caption(row: row, column: column),
        color: Self.ink, alignment: .center)
    }
  }

  mutating func draw(_ thumbnail: Image, row: Int, column: Int) {
    let fit = PictureFit(
      width: thumbnail.width, height: thumbnail.height, cellWidth: layout.cellWidth)
    let place = layout.place(fit, row: row, column: column)
    canvas.draw(thumbnail, x: place.x, y: place.y, scale: fit.scale)
  }

  mutating func draw(words: String, row: Int, column: Int) {
    let cell = layout.cell(row: row, column: column)
    canvas.fill(cell, Self.panel)
    let lines = SheetLayout.lines(of: words, cellWidth: layout.cellWidth)
    draw(lines, SheetLayout.labelFont, in: cell, color: Self.paleInk, alignment: .center)
  }

  /// Draws lines in the middle of a rectangle's height, truncated to its width.
  private mutating func draw(
    _ lines: [String], _ font: StrokeFont, in place: Rectangle, color: Canvas.Color,
    alignment: Canvas.Alignment
  ) {
    let x = Double(place.x) + (alignment == .center ? Double(place.width) / 2 : 0)
    let top = place.y + (place.height - lines.count * font.lineHeight) / 2
    let baseline = top + (font.lineHeight + font.capHeight) / 2
    for (index, line) in lines.enumerated() {
      canvas.draw(
        font.truncated(line, to: Double(place.width)), font, x: x,
        baseline: baseline + index * font.lineHeight, color: color, alignment: alignment)
    }
  }
}
