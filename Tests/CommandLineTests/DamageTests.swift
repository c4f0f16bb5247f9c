import ImageFiles
import TestSupport
import Testing

/// `--damaged`.
@Suite(.deadline(minutes: 5)) struct DamageTests {
  private static let cases = [
    ("truncated_in_IDAT.png", "the file ends too early", "damaged, 7 of 30 rows decoded"),
    ("wrong_CRC_in_IDAT.png", "IDAT: CRC error", "damaged, used as far as decoded"),
    ("truncated_in_scan.jpg", "Premature end of JPEG file", "damaged, used as far as decoded"),
    ("truncated_progressive.jpg", "Premature end of JPEG file", "damaged, used as far as decoded"),
  ]

  @Test(arguments: cases, ["0", "1"])
  func damagedPicturesFailUnlessTheyAreToBeKept(
    _ damaged: (name: String, words: String, kept: String), _ strength: String
  ) throws {
    let folder = try Folder()
    let name = damaged.name
    try folder.fixture("refused/\(name)", as: "in/\(name)")
    try folder.picture("in/sound.png")
    let arguments = ["in", "-o", "out", "--strength", strength]
    for flags in [[], ["--damaged", "fail"]] {
      let failing = try folder.run(arguments + flags + ["--overwrite"])
      #expect(failing.status == 1)
      #expect(failing.errors.contains("in/\(name): failed: damaged: \(damaged.words)"))
      #expect(failing.errors.contains("or paint it with --damaged keep"))
      #expect(folder.files(in: "out") == ["sound.png"])
    }
    let keeping = try folder.run(arguments + ["--damaged", "keep"])
    #expect(keeping.status == 0)
    #expect(keeping.errors.contains("in/\(name): \(damaged.kept): \(damaged.words)"))
    #expect(folder.files(in: "out") == ["sound.png", name].sorted())
    let image = try folder.image("out/\(name)")
    #expect((image.width, image.height) == (name.hasSuffix("png") ? (40, 30) : (64, 48)))
  }

  /// What came before the damage is all there.
  @Test func rowsThatAreSoundAreKeptAsTheyAre() throws {
    let folder = try Folder()
    try folder.fixture("refused/too_few_rows.png", as: "a.png")
    try folder.fixture("whole/rgb.png", as: "whole.png")
    let run = try folder.run("a.png", "-o", "b.png", "--strength", "0", "--damaged", "keep")
    #expect(run.status == 0)
    #expect(run.errors.contains("a.png: damaged, 20 of 30 rows decoded: Not enough image data"))
    let (image, whole) = (try folder.image("b.png"), try folder.image("whole.png"))
    for y in 0..<30 {
      #expect(
        y < 20 ? image.row(y).elementsEqual(whole.row(y)) : image.row(y).allSatisfy { $0 == 0 })
    }
  }

  @Test func aNoteIsAnEventsToo() throws {
    let folder = try Folder()
    try folder.fixture("refused/wrong_CRC_in_IDAT.png", as: "a.png")
    let run = try folder.run(
      "a.png", "-o", "b.png", "--damaged", "keep", "--log-format", "json")
    #expect(run.status == 0)
    let done = try #require(try run.events().first { $0["event"] as? String == "done" })
    #expect(done["notes"] as? [String] == ["damaged, used as far as decoded: IDAT: CRC error"])
    #expect(done["note_kinds"] as? [String] == ["damaged"])
  }

  @Test func otherWordsAreAUsageError() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run("a.png", "-o", "b.png", "--damaged", "mend")
    #expect(run.status == 64)
    #expect(run.errors.contains("'mend' is invalid for '--damaged <damaged>'"))
  }
}
