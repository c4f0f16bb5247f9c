import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers
@testable import StyleEngine

@Suite(.deadline(minutes: 2)) struct StyleNetworkTests {
  private func network(
    _ description: NetworkDescription = NetworkDescription(width: 4), statistics: Bool = false
  ) throws -> StyleNetwork {
    try StyleNetwork(
      randomStyle(description, statistics: statistics), kernels: KernelSet.available[0])
  }

  @Test(arguments: [0, -1, 3, 8, 16])
  func groupsMustDivideTheChannels(_ groups: Int) throws {
    let network = try network()
    #expect(
      throws: StyleNetworkError.groupsDoNotDivide(groups: groups, channels: 4, layer: "in1")
    ) {
      try network.check(.group(.count(groups)))
    }
    #expect(
      throws: StyleNetworkError.groupsDoNotDivide(groups: groups, channels: 4, layer: "in1")
    ) {
      try NetworkExecution(network, workers: 1).run([], normalization: .group(.count(groups)))
    }
  }

  @Test(arguments: [Groups.count(1), .count(2), .count(4), .channels])
  func groupsThatDivideAreFine(_ groups: Groups) throws {
    try network().check(.group(groups))
  }

  @Test func batchNeedsStoredStatistics() throws {
    let without = try network()
    #expect(!without.parameters.hasStoredStatistics)
    #expect(throws: StyleNetworkError.noStoredStatistics(style: "random")) {
      try without.check(.batch)
    }
    let with = try network(statistics: true)
    #expect(with.parameters.hasStoredStatistics)
    try with.check(.batch)
    for normalization in [Normalization.instance, .layer, .batchLive] {
      try without.check(normalization)
    }
  }

  /// 153,792 a pixel at width 32, in the published network.
  @Test func multiplicationsAreThoseOfTheLayers() throws {
    let pixels = 64 * 80
    // The last layer computes five pixels at once, and 80 is a multiple of 5.
    #expect(
      try network(NetworkDescription(width: 32, residualBlocks: 5))
        .costs(width: 80, height: 64).reduce(0) { $0 + $1.direct } == 153_792 * pixels)
  }

  @Test func kernelsAndNameAreTold() throws {
    let network = try network()
    #expect(network.kernels.name == KernelSet.available[0].name)
    #expect(network.name == "random")
    #expect(network.descriptions == NetworkDescription(width: 4).layers)
  }
}
