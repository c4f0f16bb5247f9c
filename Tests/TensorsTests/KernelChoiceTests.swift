import Testing

@testable import Tensors

@Suite struct KernelChoiceTests {
  @Test func baselineIsAlwaysAvailableAndLast() {
    #expect(KernelSet.available.last?.name == "baseline")
  }

  @Test func unknownNameIsRefusedWithWhatThereIs() {
    #expect(throws: KernelChoiceError(name: "mmx", available: ["reference", "baseline"])) {
      try KernelSet.chosen(from: [.reference, .baseline], named: "mmx")
    }
  }

  @Test func nameChoosesAndNoNameTakesTheFirst() throws {
    #expect(
      try KernelSet.chosen(from: [.reference, .baseline], named: "baseline").name == "baseline")
    #expect(try KernelSet.chosen(from: [.reference, .baseline], named: nil).name == "reference")
  }
}
