import Testing

@testable import Sheets

@Suite struct RectangleTests {
  private let rectangle = Rectangle(x: 2, y: 3, width: 10, height: 5)

  @Test func intersectionIsWhatBothCover() {
    let other = Rectangle(x: -4, y: 6, width: 9, height: 90)
    let both = Rectangle(x: 2, y: 6, width: 3, height: 2)
    #expect(rectangle.intersection(other) == both)
    #expect(other.intersection(rectangle) == both)
  }

  @Test(arguments: [
    Rectangle(x: 12, y: 3, width: 4, height: 4), Rectangle(x: 2, y: -9, width: 4, height: 4),
    Rectangle(x: 4, y: 4, width: -1, height: 2),
  ])
  func apartTheyCoverNothing(other: Rectangle) {
    let both = rectangle.intersection(other)
    #expect(both.columns.isEmpty || both.rows.isEmpty)
  }
}
