import Testing

@testable import Sheets

@Suite struct StrokeFontFittingTests {
  private let font = StrokeFont(size: 14)
  private let name = "IMG_20240518_142233_final-edit.jpeg"

  @Test func whatFitsIsLeftAlone() {
    #expect(font.truncated(name, to: font.width(of: name)) == name)
    #expect(font.truncated("", to: 0) == "")
  }

  /// At every width it fits, keeps both ends, and one more character would not fit.
  @Test func truncationFitsAndWastesNothing() {
    let whole = font.width(of: name)
    for limit in stride(from: 0, to: whole, by: 1.7) {
      let short = font.truncated(name, to: limit)
      #expect(font.width(of: short) <= limit)
      guard limit >= font.width(of: "…") else {
        #expect(short == "")
        continue
      }
      let ends = short.split(separator: "…", omittingEmptySubsequences: false)
      #expect(ends.count == 2)
      #expect(name.hasPrefix(ends[0]) && name.hasSuffix(ends[1]))
      #expect((0...1).contains(ends[0].count - ends[1].count))
      // Nothing in the name is wider than a W.
      #expect(font.width(of: short) > limit - font.width(of: "W"))
    }
  }

  @Test func wordsFillTheirLines() {
    let text = "no stored statistics: run pastiche calibrate first"
    let limit = font.width(of: "no stored statistics:") + 1
    let lines = font.wrapped(text, to: limit)
    #expect(lines == ["no stored statistics:", "run pastiche", "calibrate first"])
    #expect(lines.allSatisfy { font.width(of: $0) <= limit })
  }

  @Test func wordThatIsTooLongIsTruncated() {
    let lines = font.wrapped("see \(name) there", to: 90)
    #expect(lines.count == 3)
    #expect(lines[1].contains("…"))
    #expect(lines.allSatisfy { font.width(of: $0) <= 90 })
    #expect(font.wrapped(" ", to: 90) == [])
  }
}
