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
}
