import Testing

@testable import StyleModels

@Suite struct NetworkDescriptionTests {
  @Test func defaultsAreAsPublished() {
    let description = NetworkDescription(width: 32)
    #expect(description.residualBlocks == 5)
    #expect(description.norm == .instance)
    #expect(description.epsilon == 1e-5)
    #expect(description.inputRange == 0...255)
  }

  @Test(arguments: [(16, 4, true), (16, 5, false), (16, 16, true), (16, 32, false), (16, 0, false)])
  func groupsDivide(width: Int, groups: Int, expected: Bool) {
    #expect(NetworkDescription(width: width, groups: groups).groupsDivide == expected)
  }

  @Test func normsAreStoredByName() {
    #expect(Norm.allCases.map(\.rawValue) == ["instance", "group", "layer", "batch", "batch-live"])
  }
}
