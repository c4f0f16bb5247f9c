import Glibc
import ImageFiles

/// Lines over columns at equal distances, on a logarithmic scale of values.
package struct Plot {
  package struct Line {
    /// The label at the line's right end.
    package var label: String?
    package var color: Canvas.Color
    /// The line's width, in pixels.
    package var width: Double
    /// The values by column. What isn't above 0, or is nothing beside the largest of all, is left
    /// out.
    package var values: [Double]

    package init(label: String? = nil, color: Canvas.Color, width: Double, values: [Double]) {
      self.label = label
      self.color = color
      self.width = width
      self.values = values
    }
  }

  package var title: String
  /// The columns' names; without one a column has no tick either.
  package var columns: [String]
  package var columnTitle: String
  package var valueTitle: String
  package var lines: [Line] = []

  package static let paleInk = Canvas.Color(repeating: 130)
  package static let blue = Canvas.Color(28, 90, 160)
  package static let paleBlue = Canvas.Color(165, 192, 222)
  package static let orange = Canvas.Color(190, 80, 20)
  package static let paleOrange = Canvas.Color(236, 194, 168)

  private static let ink = Canvas.Color(repeating: 34)
  private static let rule = Canvas.Color(repeating: 214)
  private static let size = (width: 900, height: 560)
  /// The area where lines are drawn; titles and labels are around it.
  private static let area = Rectangle(x: 90, y: 96, width: 670, height: 380)
  private static let font = StrokeFont(size: 14)
  private static let titleFont = StrokeFont(size: 20)

  package init(
    title: String, columns: [String], columnTitle: String, valueTitle: String, lines: [Line] = []
  ) {
    self.title = title
    self.columns = columns
    self.columnTitle = columnTitle
    self.valueTitle = valueTitle
    self.lines = lines
  }

  package func render() -> Image {
    var canvas = Canvas(
      width: Self.size.width, height: Self.size.height, color: Canvas.Color(repeating: 250))
    let (area, font) = (Self.area, Self.font)
    let left = Double(area.x)
    canvas.draw(
      Self.titleFont.truncated(title, to: Double(Self.size.width - 56)), Self.titleFont, x: 28,
      baseline: 42, color: Self.ink)
    canvas.draw(valueTitle, font, x: 28, baseline: 72, color: Self.paleInk)
    canvas.draw(
      columnTitle, font, x: left + Double(area.width) / 2,
      baseline: area.rows.upperBound + 10 + 3 * font.lineHeight,
      color: Self.paleInk, alignment: .center)
    for value in ticks {
      let y = height(of: value)
      canvas.fill(Rectangle(x: area.x, y: Int(y), width: area.width, height: 1), Self.rule)
      canvas.draw(
        Self.label(of: value), font, x: left - 10, baseline: Int(y) + font.capHeight / 2,
        color: Self.ink, alignment: .right)
    }
    let named = columns.indices.filter { !columns[$0].isEmpty }
    for (number, column) in named.enumerated() {
      let x = place(of: column)
      canvas.fill(
        Rectangle(x: Int(x), y: area.rows.upperBound, width: 1, height: 6), Self.ink)
      // Names that would run into one another stand in two rows.
      let isLower = named.count > 8 && number % 2 == 1
      canvas.draw(
        columns[column], font, x: x,
        baseline: area.rows.upperBound + 10 + font.lineHeight * (isLower ? 2 : 1),
        color: Self.ink, alignment: .center)
    }
    canvas.fill(
      Rectangle(x: area.x, y: area.rows.upperBound, width: area.width, height: 1), Self.ink)
    for line in lines { draw(line, on: &canvas) }
    drawLabels(on: &canvas)
    return canvas.image
  }

  private func draw(_ line: Line, on canvas: inout Canvas) {
    let points = line.values.enumerated().filter { range.contains($0.element) }.map {
      SIMD2(place(of: $0.offset), height(of: $0.element))
    }
    guard !points.isEmpty else { return }
    canvas.draw([points], width: line.width, color: line.color)
    if line.label != nil {
      canvas.draw(points.map { [$0] }, width: 2 * line.width + 2, color: line.color)
    }
  }

  /// Draws labels beside the lines' ends, from top to bottom, a line's height apart.
  private func drawLabels(on canvas: inout Canvas) {
    let labels = lines.compactMap { line -> (text: String, x: Double, y: Double, Canvas.Color)? in
      guard let text = line.label, let last = line.values.lastIndex(where: range.contains) else {
        return nil
      }
      return (text, place(of: last) + 12, height(of: line.values[last]), line.color)
    }
    var free = 0
    for (text, x, y, color) in labels.sorted(by: { $0.y < $1.y }) {
      let baseline = max(free, Int(y) + Self.font.capHeight / 2)
      canvas.draw(text, Self.font, x: x, baseline: baseline, color: color)
      free = baseline + Self.font.lineHeight
    }
  }

  /// Finds the middle of a column.
  private func place(of column: Int) -> Double {
    let step = Double(Self.area.width) / Double(columns.count)
    return Double(Self.area.x) + (Double(column) + 0.5) * step
  }

  private func height(of value: Double) -> Double {
    let (least, most) = (log10(range.lowerBound), log10(range.upperBound))
    return Double(Self.area.rows.upperBound)
      - (log10(value) - least) / (most - least) * Double(Self.area.height)
  }

  /// The range of values, from a tick to a tick.
  private var range: ClosedRange<Double> {
    let values = lines.flatMap(\.values)
    let most = values.max() ?? 1
    guard let least = values.filter({ $0 > most / Self.largestRatio }).min() else { return 0.1...1 }
    let below = Self.steps.last { $0 <= least } ?? least
    return below...(Self.steps.first { $0 >= most && $0 > below } ?? most)
  }

  private static let largestRatio = 10_000.0
  /// The ticks: 1, 2 and 5 times the powers of ten.
  private static let steps = (-12...6).flatMap { power in
    [1, 2, 5].map { $0 * pow(10, Double(power)) }
  }

  private var ticks: [Double] { Self.steps.filter(range.contains) }

  private static func label(of tick: Double) -> String {
    let cell = Table.cell(tick)
    guard cell.contains("."), !cell.contains("e") else { return cell }
    let digits = cell.reversed().drop { $0 == "0" }
    return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
  }
}
