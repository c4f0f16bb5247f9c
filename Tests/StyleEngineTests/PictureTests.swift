import StyleModels
import Tensors
import Testing

@testable import StyleEngine

@Suite struct PictureTests {
  /// Of the published network: others have sides of their own.
  @Test func sidesUnderFiveAreExtendedToEight() throws {
    let network = StyleNetwork(
      try randomStyle(NetworkDescription(width: 4)), kernels: KernelSet.available[0])
    let extended = (1...9).map(network.extended)
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
