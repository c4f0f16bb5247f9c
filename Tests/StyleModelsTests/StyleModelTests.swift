import Foundation
import SystemFiles
import SystemPackage
import Testing
import WeightFiles

@testable import StyleModels

@Suite struct StyleModelTests {
  @Test(arguments: [false, true])
  func whatIsWrittenIsRead(statistics: Bool) throws {
    let path = FilePath(NSTemporaryDirectory()).appending("style-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    let model = try smallModel(statistics: statistics)
    #expect(model.hasBatchStatistics == statistics)
    try model.write(to: path, replacing: false)
    #expect(try StyleModel(contentsOf: path) == model)
    #expect(throws: StyleModelError.weightFile(.unwritable(.exists(path)))) {
      try model.write(to: path, replacing: false)
    }
  }

  @Test func aFileThatIsNotThere() {
    #expect(throws: StyleModelError.weightFile(.unreadable(.noSuchFileOrDirectory))) {
      try StyleModel(contentsOf: "/nowhere/at/all")
    }
  }

  /// Whatever would keep it from being read: a style is checked when it is made, and can't be changed.
  @Test func whatCouldNotBeReadIsNotMade() throws {
    var description = small
    description.epsilon = 0
    var tensors = weights(for: small)
    tensors["in1.gamma"] = nil
    tensors["in1.beta"]?.values = [1, 2]
    let expected: [StyleModelError.Fault] = [
      .invalidValue(key: "epsilon", found: "0.0", expected: "a number above 0, at most 1"),
      .invalidValue(key: "licence", found: "", expected: "a text"),
      .tensor(.missing("in1.gamma", expected: [1])),
      .valueCount("in1.beta", shape: [1], found: 2),
    ]
    #expect(faultsOfModel(description, licence: "", tensors) == expected)
  }

  @Test func valuesThatAreNotFiniteAreNotWritten() throws {
    var tensors = weights(for: small)
    tensors["in1.beta"]?.values = [.nan]
    let model = try smallModel(weights: tensors)
    let fault = WeightFileError.Fault.nonFinite(tensor: "in1.beta", count: 1, firstIndex: 0)
    #expect(throws: StyleModelError.weightFile(.faults([fault]))) {
      try model.write(to: "/nowhere/at/all", replacing: false)
    }
  }

  @Test func aNetworkOfAnAbsurdWidthIsRefusedBeforeItIsComputed() throws {
    #expect(
      throws: StyleModelError.faults([
        .invalidValue(
          key: "width", found: "4611686018427387904", expected: "an integer in 1...512")
      ])
    ) {
      try StyleModel(
        name: "n", description: NetworkDescription(width: 1 << 62), licence: "l", training: "t",
        weights: [:])
    }
  }
}
