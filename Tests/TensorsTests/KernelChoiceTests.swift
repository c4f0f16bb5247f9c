import Testing

@testable import Tensors

@Suite struct KernelChoiceTests {
  @Test func baselineIsAlwaysAvailableAndLast() {
    #expect(KernelSet.available.last?.name == "baseline")
  }

  @Test func unknownNameIsRefusedWithWhatThereIs() {
    #expect(throws: KernelChoiceError(name: "mmx", available: ["avx2", "baseline"])) {
      try KernelSet.chosen(from: [.avx2, .baseline], named: "mmx")
    }
  }

  @Test func nameChoosesAndNoNameTakesTheFirst() throws {
    #expect(try KernelSet.chosen(from: [.avx2, .baseline], named: "baseline").name == "baseline")
    #expect(try KernelSet.chosen(from: [.avx2, .baseline], named: nil).name == "avx2")
  }
}
