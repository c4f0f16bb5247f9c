import ImageFiles
import TestSupport
import Testing

/// What the program takes for a picture.
@Suite(.deadline(minutes: 5)) struct InputTests {
  @Test func stylizeIsTheDefault() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    #expect(try folder.run("a.png", "-o", "b.png").status == 0)
    #expect(try folder.run("stylize", "a.png", "-o", "c.png").status == 0)
    #expect(try folder.bytes("b.png") == folder.bytes("c.png"))
    #expect(try folder.bytes("b.png") != folder.bytes("a.png"))
  }

  /// A directory of everything that a walk has to tell apart.
  private func album() throws -> Folder {
    let folder = try Folder()
    for name in ["a.png", "E.PNG", ".hidden.png", "sub/d.png", ".dotted/f.png", "x.png/g.png"] {
      try folder.picture("photos/\(name)")
    }
    for name in ["b.JPG", "c.jPeG"] { try folder.picture("photos/\(name)", format: .jpeg) }
    try folder.file("photos/notes.txt")
    try folder.file("photos/png")
    return folder
  }

  @Test func aDirectoryGivesItsPicturesByExtensionAndMentionsTheRest() throws {
    let folder = try album()
    let run = try folder.run("photos", "-o", "out")
    #expect(run.status == 0)
    #expect(folder.files(in: "out") == ["E.PNG", "a.png", "b.JPG", "c.jPeG"])
    #expect(run.errors.contains("passed over: 2 files"))
    #expect(run.errors.contains("passed over: 2 directories; pass -r"))
  }

  @Test(arguments: ["-r", "--recursive"]) func aTreeKeepsItsShape(_ flag: String) throws {
    let folder = try album()
    let run = try folder.run("photos/", "-o", "out", "\(flag)")
    #expect(run.status == 0)
    #expect(
      folder.files(in: "out") == ["E.PNG", "a.png", "b.JPG", "c.jPeG", "sub/d.png", "x.png/g.png"])
    #expect(run.errors.contains("passed over: 2 files"))
    #expect(!run.errors.contains("directories"))
  }

  @Test func whatAFileIsGoesByItsSignature() throws {
    let folder = try Folder()
    try folder.picture("photos/png.jpg", format: .png)
    try folder.picture("photos/jpeg.png", format: .jpeg)
    #expect(try folder.run("photos", "-o", "out").status == 0)
    #expect(folder.files(in: "out") == ["jpeg.jpg", "png.png"])
    #expect(try folder.format("out/jpeg.jpg") == .jpeg)
    #expect(try folder.format("out/png.png") == .png)
  }

  @Test func aFileThatIsNamedIsAlwaysTried() throws {
    let folder = try Folder()
    try folder.picture("scan.dat")
    try folder.picture(".hidden")
    try folder.picture("plain", format: .jpeg)
    try folder.file("notes.txt", Array("words".utf8))
    let run = try folder.run("scan.dat", ".hidden", "plain", "notes.txt", "-o", "out")
    #expect(run.status == 1)
    #expect(folder.files(in: "out") == [".hidden.png", "plain.jpg", "scan.png"])
    #expect(run.errors.contains("notes.txt: failed: neither PNG nor JPEG: begins with 77 6f 72"))
  }

  @Test func theOutputInsideTheInputIsNotWalked() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    #expect(try folder.run("photos", "-r", "-o", "photos/painted").status == 0)
    let again = try folder.run("photos", "-r", "-o", "photos/painted")
    #expect(again.status == 0)
    #expect(again.errors.contains("0 done, 1 skipped"))
    #expect(folder.files(in: "photos") == ["a.png", "painted/a.png"])
  }

  @Test func linksAreFollowedAndLoopsEnd() throws {
    let folder = try Folder()
    try folder.picture("elsewhere/a.png")
    try folder.directory("photos")
    try folder.link("photos/b.png", to: "../elsewhere/a.png")
    try folder.link("photos/dir", to: "../elsewhere")
    try folder.link("photos/loop", to: ".")
    try folder.link("photos/nowhere.png", to: "missing.png")
    let run = try folder.run("photos", "-r", "-o", "out")
    #expect(run.status == 1)
    #expect(folder.files(in: "out") == ["b.png", "dir/a.png"])
    #expect(run.errors.contains("photos/nowhere.png: failed: can't be read"))
  }

  @Test(arguments: [["a.png", "a.png"], ["a.png", "./a.png"], ["a.png", "."]])
  func aPictureNamedTwiceIsDoneOnce(_ inputs: [String]) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run("\(inputs[0])", "\(inputs[1])", "-o", "out/")
    #expect(run.status == 0)
    #expect(run.errors.contains("1 done in"))
    #expect(folder.files(in: "out") == ["a.png"])
  }

  @Test func aPictureOfEverySizeKeepsIt() throws {
    let folder = try Folder()
    let sizes = [(1, 1), (1, 7), (2, 3), (4, 5), (5, 4), (13, 1), (64, 37)]
    for (width, height) in sizes {
      try folder.picture("photos/\(width)x\(height).png", width: width, height: height)
    }
    #expect(try folder.run("photos", "-o", "out").status == 0)
    for (width, height) in sizes {
      let image = try folder.image("out/\(width)x\(height).png")
      #expect((image.width, image.height) == (width, height))
    }
  }
}
