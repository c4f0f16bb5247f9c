import Testing

@testable import StyleModels

@Suite struct NetworkDescriptionTests {
  @Test func defaultsAreAsPublished() {
    let description = NetworkDescription(width: 32)
    #expect(description.architecture == .fastNeuralStyle(FastNeuralStyle(width: 32)))
    #expect(FastNeuralStyle(width: 32).residualBlocks == 5)
    #expect(description.norm == .instance)
    #expect(description.epsilon == 1e-5)
    #expect(description.inputRange == 0...255)
  }

  @Test(arguments: [(16, 4, nil), (16, 5, 16), (16, 16, nil), (16, 32, 16), (16, 0, 16)])
  func groupsDivide(width: Int, groups: Int, channels: Int?) {
    let description = NetworkDescription(width: width, groups: groups)
    #expect(description.channelsThatGroupsDoNotDivide == channels)
  }

  @Test func normsAreStoredByName() {
    #expect(Norm.allCases.map(\.rawValue) == ["instance", "group", "layer", "batch", "batch-live"])
  }
}
