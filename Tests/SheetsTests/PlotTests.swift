import ImageFiles
import Testing

@testable import Sheets

struct PlotTests {
  private static let red = Canvas.Color(200, 0, 0)

  private func plot(_ values: [Double]) -> Image {
    Plot(
      title: "", columns: values.map { _ in "" }, columnTitle: "", valueTitle: "",
      lines: [Plot.Line(label: nil, color: Self.red, width: 3, values: values)]
    ).render()
  }

  /// The rows of a column of pixels that the line covers.
  private func rows(of image: Image, x: Int) -> [Int] {
    (0..<image.height).filter { image.color(x, $0) == Self.red }
  }

  /// Columns are equally wide, from x = 90 to 760; the scale is logarithmic, from y = 476 for 1 up
  /// to 96 for 100.
  @Test func valuesStandOnALogarithmicScale() throws {
    let image = plot([1, 10, 100])
    for (column, y) in [(0, 476), (1, 286), (2, 96)] {
      let covered = rows(of: image, x: 90 + 670 * (2 * column + 1) / 6)
      let middle = try #require(covered.first) + covered.count / 2
      #expect(abs(middle - y) <= 1)
    }
  }

  @Test func whatIsNothingIsLeftOut() {
    for nothing in [0, 1e-9, .nan] {
      let image = plot([1, 10, nothing])
      #expect(!rows(of: image, x: 300).isEmpty)
      #expect(rows(of: image, x: 600).isEmpty)
    }
    #expect(plot([]).width == plot([0]).width)
  }
}
