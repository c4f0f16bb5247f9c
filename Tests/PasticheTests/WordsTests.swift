import Testing

@testable import pastiche

/// Numbers and bars as people read and type them.
@Suite struct WordsTests {
  @Test(arguments: [
    ("512", 512), ("3K", 3 << 10), ("512M", 512 << 20), ("2G", 2 << 30), ("2g", 2 << 30),
    ("2GiB", 2 << 30), ("2gib", 2 << 30), ("2GB", 2_000_000_000), ("5kb", 5000), ("1T", 1 << 40),
    ("unlimited", Int.max),
  ]) func sizesHaveTheFormsOfOtherTools(_ text: String, _ bytes: Int) {
    #expect(ByteCount(argument: text)?.value == bytes)
  }

  @Test(arguments: [
    "", "G", "0", "0G", "-1G", "1.5G", "2GX", "2iB", "2B", "101%", "0%", "9999999T",
  ])
  func otherSizesAreRefused(_ text: String) {
    #expect(ByteCount(argument: text) == nil)
  }

  @Test func perCentAreOfTheMemoryThatThereIs() throws {
    let all = try #require(ByteCount(argument: "100%")).value
    let half = try #require(ByteCount(argument: "50%")).value
    #expect(half > 0 && half <= all / 2 + 50 && half >= all / 2 - 50)
  }

  @Test func paceIsSecondsAPictureWhereThatIsMore() {
    #expect(pace(12.345) == "12.35 pictures/s")
    #expect(pace(1) == "1.00 pictures/s")
    #expect(pace(0.25) == "4.0 s a picture")
    #expect(pace(1 / 187) == "3:07 a picture")
  }

  /// The bar goes first, then the pace, the share, and the time that is left; the count stays, and nothing
  /// is cut.
  @Test(arguments: [
    (200, "[==========                              ] 3/12  25.0%  1.00 pictures/s  9.0 s left"),
    (80, "[=======                     ] 3/12  25.0%  1.00 pictures/s  9.0 s left"),
    (40, "3/12  25.0%  9.0 s left"), (20, "3/12  9.0 s left"),
    (12, "3/12  25.0%"), (8, "3/12"),
  ]) func barFitsTheTerminal(_ columns: Int, _ expected: String) {
    let line = ProgressBar.line(
      columns: columns, finished: 3, total: 12, fraction: 0.25, seconds: 3)
    #expect(line == expected)
    #expect(line.count < columns)
  }

  /// One picture's own share moves, and its bar is as wide at every moment.
  @Test func barOfOneLargePictureMoves() {
    let lines = [(0.0, 0.1), (0.031, 2), (0.5, 30), (0.999, 71)].map { fraction, seconds in
      ProgressBar.line(
        columns: 80, finished: 0, total: 1, fraction: fraction, seconds: seconds)
    }
    #expect(
      lines == [
        "[                              ] 0/1  0.0%",
        "[                              ] 0/1  3.1%  1:05 a picture  1:03 left",
        "[===============               ] 0/1  50.0%  1:00 a picture  30.0 s left",
        "[============================= ] 0/1  99.9%  1:11 a picture  0.1 s left",
      ])
  }

  @Test func streamsHaveNoTotal() {
    func line(_ columns: Int) -> String {
      ProgressBar.line(columns: columns, finished: 7, total: nil, fraction: 0, seconds: 2)
    }
    #expect(line(80) == "7 done  3.50 pictures/s")
    #expect(line(20) == "7 done")
  }
}
