import Testing
import WeightFiles

@testable import StyleModels

@Suite struct StyleModelTensorsTests {
  /// The faults of the small model with its weights changed.
  private func faults(
    norm: Norm = .instance, groups: Int = 1, statistics: Bool = false,
    _ change: (inout [String: StoredTensor]) -> Void = { _ in }
  ) throws -> [StyleModelError.Fault] {
    var description = small
    description.norm = norm
    description.groups = groups
    var tensors = weights(for: small, statistics: statistics)
    change(&tensors)
    return faultsOfModel(description, tensors)
  }

  @Test func everyTensorIsMissed() throws {
    for (name, shape) in small.tensors(withStatistics: false) {
      #expect(
        try faults { $0[name] = nil } == [.tensor(.missing(name, expected: shape))], "\(name)")
    }
  }

  @Test func surplusAndMisshapedTensors() throws {
    let tensor = StoredTensor(shape: [3], values: [0, 0, 0])
    let found = try faults {
      $0["res2.conv1.weight"] = tensor
      $0["in4.beta"] = tensor
      $0["conv2.weight"]?.shape = [2, 9, 1, 1]
    }
    #expect(
      found == [
        .tensor(.misshaped("conv2.weight", expected: [2, 1, 3, 3], found: [2, 9, 1, 1])),
        .tensor(.misshaped("in4.beta", expected: [2], found: [3])),
        .tensor(.surplus("res2.conv1.weight", found: [3])),
      ])
  }

  @Test func statisticsAreThereForAllOrNone() throws {
    #expect(try faults(statistics: true) == [])
    #expect(
      try faults(statistics: true) { $0["res1.in2.mean"] = nil }
        == [.tensor(.missing("res1.in2.mean", expected: [4]))])
    let variance = StoredTensor(shape: [1], values: [1])
    let found = try faults { $0["in1.variance"] = variance }
    #expect(found.count == 13)  // seven norms, two each, one there
    #expect(found.first == .tensor(.missing("in1.mean", expected: [1])))
    #expect(
      try faults { $0["other.variance"] = variance }
        == [.tensor(.surplus("other.variance", found: [1]))])
  }

  @Test func batchNormNeedsStatistics() throws {
    #expect(try faults(norm: .batch).count == 14)
    #expect(try faults(norm: .batch, statistics: true) == [])
    #expect(try faults(norm: .batchLive) == [])
  }

  @Test func groupsMatterToGroupNormAlone() throws {
    #expect(
      try faults(norm: .group, groups: 3) == [.groupsDoNotDivide(groups: 3, channels: 1)])
    #expect(try faults(norm: .group, groups: 1) == [])
    #expect(try faults(norm: .layer, groups: 3) == [])
  }

  @Test func negativeVariances() throws {
    let found = try faults(statistics: true) {
      $0["in2.variance"]?.values = [-0.0, -1]
      $0["in2.mean"]?.values = [-1, -1]
    }
    #expect(found == [.negativeVariance("in2.variance", channel: 1, found: -1)])
  }
}
