import Testing

@testable import Sheets

struct TableTests {
  @Test(arguments: [
    (0, "0"), (1.7e-7, "1.7e-07"), (9.96e-5, "1.0e-04"), (2e-12, "2.0e-12"), (0.042, "0.042"),
    (0.001, "0.001"), (0.9996, "1.00"), (9.997, "10.0"), (99.96, "100"), (3.14159, "3.14"),
    (31.41, "31.4"), (314.15, "314"),
    (-0.5, "-0.500"), (-2e-5, "-2.0e-05"), (.infinity, "inf"),
  ]) func numbersAreShort(_ value: Double, _ cell: String) {
    #expect(Table.cell(value) == cell)
  }

  @Test func columnsStandBelowOneAnother() {
    let table = Table(
      headings: ["norm", "a", "bc"], rows: [["instance", "10", "1"], ["x", "", "2"]])
    #expect(
      table.text == """
        norm       a  bc
        instance  10   1
        x              2
        """)
  }

  /// Columns of a width are pushed aside by what is longer, and a row may end early.
  @Test func widthsHoldWhateverIsInTheColumns() {
    let table = Table(
      headings: ["name", "n", "note"],
      rows: [["ab", "12345", "c"], ["abcdef", "1"], ["", "", ""]],
      columns: [.left(5), .right(4), .left(6)], gap: "|")
    #expect(
      table.lines == [
        "name |   n|note  ", "ab   |12345|c     ", "abcdef|   1", "     |    |      ",
      ])
  }

  @Test func tableWithoutHeadingsBeginsWithItsRows() {
    let table = Table(headings: [], rows: [["a", "b"]], columns: [.right(3), .left(0)])
    #expect(table.text == "  a  b")
  }

  @Test(arguments: [(3, "3"), (0.3, "0.3"), (1e9, "1e+09"), (-2.5, "-2.5")])
  func shortestGivesTheNumberBack(value: Float, text: String) {
    #expect(Table.shortest(value) == text)
  }
}
