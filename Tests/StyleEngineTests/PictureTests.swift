import Testing

@testable import StyleEngine

@Suite struct PictureTests {
  @Test func sidesUnderFiveAreExtendedToEight() {
    let extended = (1...9).map { Picture.extended($0) }
    #expect(extended == [8, 8, 8, 8, 5, 6, 7, 8, 9])
  }

  /// `numpy.pad(numpy.arange(side), (0, 8 - side), "symmetric")` for sides of 1 to 4.
  @Test(arguments: [
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 0, 0, 1, 1, 0],
    [0, 1, 2, 2, 1, 0, 0, 1],
    [0, 1, 2, 3, 3, 2, 1, 0],
  ])
  func extensionIsNumPysSymmetric(_ row: [Int]) {
    let side = (row.max() ?? 0) + 1
    let found = row.indices.map { Picture.mirrored($0, side) }
    #expect(found == row)
  }
}
