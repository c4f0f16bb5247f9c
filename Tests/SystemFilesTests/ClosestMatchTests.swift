import SystemFiles
import Testing

@Suite struct ClosestMatchTests {
  private static let names = [
    "stylize", "preview", "models", "stats", "great-wave", "starry-night", "rhone", "rhinoceros",
  ]

  @Test(
    arguments: [
      // A letter that is another, missing, too many, or in its neighbour's place.
      ("modles", "models"), ("stylise", "stylize"), ("great-wav", "great-wave"),
      ("statts", "stats"), ("rhnoe", "rhone"), ("Preview", "preview"), ("GREAT-WAVE", "great-wave"),
      ("stary-nigt", "starry-night"),
      // The beginning of one alone.
      ("starr", "starry-night"), ("rhino", "rhinoceros"), ("rho", "rhone"),
      // Of two that begin so the nearer one, if it is near.
      ("rh", nil), ("sta", nil),
      // Too far from any.
      ("photos", nil), ("sunset", nil), ("s", nil), ("", nil), ("models-of-mine", nil),
    ] as [(String, String?)]) func isWhatWasMeant(_ text: String, _ expected: String?)
  {
    #expect(Self.names.closestMatch(to: text) == expected)
  }

  @Test func ofNoneIsNone() {
    #expect([].closestMatch(to: "models") == nil)
  }
}
