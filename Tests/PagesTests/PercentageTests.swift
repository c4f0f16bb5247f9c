import Testing

@testable import Pages

@Suite struct PercentageTests {
  @Test(
    arguments: [
      (0, "0"), (0.0004, "0"), (0.0314, "3.1"), (0.02, "2"), (0.0996, "10"), (0.432, "43"),
      (1.5, "150"), (-0.012, "-1.2"), (1e20, nil), (.infinity, nil), (.nan, nil),
    ] as [(Double, String?)])
  func percent(share: Double, text: String?) {
    #expect(percentage(share) == text)
  }
}
