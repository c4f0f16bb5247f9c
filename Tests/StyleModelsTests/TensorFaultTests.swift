import Testing

@testable import StyleModels

@Suite struct TensorFaultTests {
  @Test func everyFaultIsNamed() {
    let faults = TensorFault.faults(
      in: ["a": [2], "c": [2], "z": [2], "y": [2]],
      expected: [("c", [1]), ("b", [3]), ("a", [2])])
    #expect(
      faults == [
        .misshaped("c", expected: [1], found: [2]), .missing("b", expected: [3]),
        .surplus("y", found: [2]), .surplus("z", found: [2]),
      ])
    #expect(faults[0].description == "c: expected [1], found [2]")
  }
}
