import StyleModels
import Testing

@testable import StyleTraining

@Suite struct BeginningTests {
  @Test func networksThatCanNotBeTrainedAreRefusedByName() throws {
    let narrow = Beginning.scratch(width: 3, norm: .instance, groups: 1, seed: 1)
    #expect(throws: TrainingError.threeChannels(layer: "conv1")) { try narrow.check() }
    let uneven = Beginning.scratch(width: 4, norm: .group, groups: 3, seed: 1)
    #expect(throws: TrainingError.groupsDoNotDivide(groups: 3, channels: 4, layer: "in1")) {
      try uneven.check()
    }
    try Beginning.scratch(width: 4, norm: .group, groups: 2, seed: 1).check()
  }
}
