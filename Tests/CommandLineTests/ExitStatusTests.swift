import TestSupport
import Testing

/// 0: nothing failed; 1: some did; 2: nothing was done or skipped.
@Suite(.deadline(minutes: 5)) struct ExitStatusTests {
  private static let good = ["a.png", "z.png"]

  private func folder(good: [String], bad: [String]) throws -> Folder {
    let folder = try Folder()
    try folder.directory("photos")
    for name in good { try folder.picture("photos/\(name)") }
    for name in bad { try folder.file("photos/\(name)") }
    return folder
  }

  @Test(
    arguments: [
      (["a.png"], [], 0), (["a.png", "z.png"], ["m.jpg"], 1), ([], ["m.jpg", "n.png"], 2),
      ([], [], 2), ([], ["notes.txt"], 2),
    ] as [([String], [String], Int32)])
  func tellsTheTruth(_ good: [String], _ bad: [String], _ status: Int32) throws {
    let folder = try folder(good: good, bad: bad)
    let run = try folder.run("photos", "-o", "out")
    #expect(run.status == status)
    #expect(folder.files(in: "out") == good)
    let announced = try folder.run("photos", "-o", "new", "--dry-run")
    #expect(announced.status == status)
    #expect(!folder.exists("new"))
  }

  @Test func onePictureThatFailsSpoilsNoOther() throws {
    let folder = try folder(good: Self.good, bad: ["empty.jpg"])
    let whole = try folder.bytes("photos/a.png")
    try folder.file("photos/cut.png", Array(whole.dropLast(40)))
    try folder.file("photos/text.png", Array("words".utf8))
    let run = try folder.run("photos", "missing.png", "-o", "out")
    #expect(run.status == 1)
    #expect(folder.files(in: "out") == Self.good)
    let summary = run.errorLines.drop { !$0.hasPrefix("2 done, 4 failed in ") }
    #expect(
      summary.dropFirst().map { $0.prefix(40) }
        == [
          "missing.png: failed: can't be read: No such file or directory",
          "photos/cut.png: failed: damaged: the file ends too early",
          "photos/empty.jpg: failed: the file is empty; expected a PNG or JPEG",
          "photos/text.png: failed: neither PNG nor JPEG: begins with",
        ].map { $0.prefix(40) })

    let again = try folder.run("photos", "missing.png", "-o", "out")
    #expect(again.status == 1)
    #expect(again.errors.contains("0 done, 2 skipped, 4 failed in "))
  }

  @Test func theFirstFailureEndsARunThatIsToFailFast() throws {
    let folder = try folder(good: ["b.png", "c.png", "d.png"], bad: ["a.png"])
    let run = try folder.run("photos", "-o", "out", "--fail-fast")
    #expect(run.status == 2)
    #expect(run.errors.contains("0 done, 1 failed in "))
    #expect(run.errors.contains("ended early"))
    #expect(!folder.exists("out"))
  }

  @Test func aPictureOfTooManyPixelsFailsAlone() throws {
    let folder = try folder(good: ["a.png"], bad: [])
    try folder.picture("photos/large.png", width: 20, height: 20)
    let run = try folder.run("photos", "-o", "out", "--max-pixels", "399")
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "20x20 pixels, but at most 399 are allowed; raise --max-pixels to read it"))
    #expect(try folder.run("photos", "-o", "out", "--max-pixels", "400").status == 0)
  }

  @Test func noPictureAtAllIsSaidWithWhatThereIs() throws {
    let folder = try folder(good: [], bad: ["notes.txt"])
    try folder.directory("photos/sub")
    let run = try folder.run("photos", "-o", "out")
    #expect(run.status == 2)
    #expect(
      run.errors == "pastiche: no pictures found: files ending in .png, .apng, "
        + ".jpg, .jpeg, .jpe or .jfif; 1 other file passed over; 1 directory not entered, -r does\n"
    )
  }
}
