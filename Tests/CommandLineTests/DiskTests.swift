import Foundation
import ImageFiles
import TestSupport
import Testing

/// Disks that can less than others, and places that can't be written to.
@Suite(.deadline(minutes: 5)) struct DiskTests {
  // MARK: Without hard links

  @Test(
    .enabled(if: PoorDisk.isPossible, "a C compiler is needed"),
    arguments: ["nolink", "nolink norename", "linkless", "linkless norename"])
  func everyDiskTakesPictures(_ lacks: String) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png")
    let environment = PoorDisk.environment(lacks)
    let run = try folder.run(["photos", "-o", "disk"], environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.files(in: "disk") == ["a.png", "b.png"])
    #expect(try folder.image("disk/a.png").width == 12)

    let again = try folder.run(["photos", "-o", "disk"], environment: environment)
    #expect(again.errors.contains("0 done, 2 skipped in"))
    let replaced = try folder.run(
      ["photos", "-o", "disk", "--overwrite"], environment: environment)
    #expect(replaced.errors.contains("2 done in"))
    #expect(folder.files(in: "disk") == ["a.png", "b.png"])
  }

  // MARK: Without case

  /// They are found before work, in a dry run too, and whether outputs may be replaced or not.
  @Test(
    .enabled(if: PoorDisk.isPossible, "a C compiler is needed"),
    arguments: [[], ["--dry-run"], ["--overwrite"]])
  func namesThatDifferInCaseClashWhereTheDiskSeesNone(_ flags: [String]) throws {
    let folder = try Folder()
    try folder.picture("photos/A.png")
    try folder.picture("photos/a.png")
    try folder.directory("disk")
    let arguments = ["photos", "-o", "disk/out"] + flags
    let run = try folder.run(arguments, environment: PoorDisk.environment("caseless"))
    #expect(run.status == 2)
    #expect(
      run.errors
        == "pastiche: photos/A.png and photos/a.png would both be written to disk/out/A.png; "
        + "the disk takes them for one name: rename one, or write them to different directories\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/disk") == [])
    #expect(try folder.run(arguments).status == 0)
  }

  // MARK: Places that can't be written to

  @Test(arguments: [[], ["--dry-run"], ["--overwrite"]])
  func aPlaceThatIsAFileRefusesTheRun(_ flags: [String]) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/sub/b.png")
    try folder.file("out", [])
    try folder.file("half/sub", [])
    let run = try folder.run(["photos", "-r", "-o", "out"] + flags)
    #expect(run.status == 2)
    #expect(
      run.errors == "pastiche: can't write to out: Not a directory; choose another "
        + "with -o\n")
    let half = try folder.run(["photos", "-r", "-o", "half"] + flags)
    #expect(half.status == 2)
    #expect(half.errors.contains("can't write to half/sub: Not a directory"))
    #expect(folder.files(in: "half") == ["sub"])
  }

  @Test(
    .enabled(if: SmallDisk.isPossible, "only root can mount a disk"), arguments: ["out", "out/new"])
  func aReadOnlyDiskRefusesTheRun(_ output: String) throws {
    let disk = try #require(try SmallDisk("out", kilobytes: 64, isReadOnly: true))
    try disk.folder.picture("photos/a.png")
    for flags in [[], ["--dry-run"]] {
      let run = try disk.folder.run(["photos", "-o", output] + flags)
      #expect(run.status == 2)
      #expect(run.output == "")
      #expect(run.errors.contains("can't write to out: Read-only file system; "))
    }
  }

  /// Nothing is decoded, and nothing told of pictures: this one would fail.
  @Test(.enabled(if: command("setpriv") != nil || geteuid() != 0, "setpriv is needed"))
  func aDirectoryWithoutPermissionRefusesTheRun() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    try folder.file("a.png", folder.bytes("a.png").dropLast(30))
    try folder.directory("out")
    try #require(chmod("\(folder.path)/out", 0o555) == 0)
    let arguments = ["a.png", "-o", "out/new/"]
    let run =
      if geteuid() == 0, let setpriv = command("setpriv") {
        // Without what lets root write everywhere, but read: the tests' folders are its own.
        try folder.start(
          (["--bounding-set", "-dac_override,-dac_read_search", "\(Program.executable)"]
            + arguments).map(Program.Argument.init(stringLiteral:)), of: setpriv
        ).wait()
      } else {
        try folder.run(arguments)
      }
    #expect(run.status == 2)
    #expect(
      run.errors == "pastiche: can't write to out: Permission denied; choose another "
        + "with -o\n")
  }

  // MARK: What is there and no file

  @Test func whatIsNoFileIsNeverReplaced() throws {
    let folder = try Folder()
    for name in ["a.png", "b.png", "c.png", "d.png", "e.png"] {
      try folder.picture("photos/\(name)")
    }
    try folder.directory("out/a.png")
    try #require(mkfifo("\(folder.path)/out/b.png", 0o600) == 0)
    try folder.link("out/c.png", to: "nowhere")
    try folder.link("out/d.png", to: "d.png")
    for flags in [[], ["--dry-run"]] {
      let run = try folder.run(["photos", "-o", "out", "--overwrite"] + flags)
      #expect(run.status == 2)
      #expect(
        run.errorLines == [
          "pastiche: 4 outputs can't be written:",
          "  out/a.png is a directory, and only files are replaced",
          "  out/b.png is a pipe, and only files are replaced",
          "  out/c.png is a link to nothing, and only files are replaced",
          "  out/d.png is a link that leads round, and only files are replaced",
          "remove what is there, or choose another place with -o",
        ])
      #expect(!folder.exists("out/e.png"))
    }
  }

  @Test func aReplacedFileKeepsItsModeAndALinkItsTarget() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png")
    for name in ["out/a.png", "elsewhere/target.png"] {
      try folder.file(name, Array("mine".utf8))
      try #require(chmod("\(folder.path)/\(name)", 0o640) == 0)
    }
    try folder.link("out/b.png", to: "../elsewhere/target.png")
    #expect(try folder.run("photos", "-o", "out", "--overwrite").status == 0)
    for name in ["out/a.png", "elsewhere/target.png"] {
      #expect(try folder.image(name).width == 12)
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
      #expect(attributes[.posixPermissions] as? Int == 0o640)
    }
    let link = "\(folder.path)/out/b.png"
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../elsewhere/target.png")
    #expect(folder.files(in: "elsewhere") == ["target.png"])
  }

  /// One file would be written twice.
  @Test func twoLinksToOneFileClash() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png")
    try folder.file("out/a.png", Array("mine".utf8))
    try folder.link("out/b.png", to: "a.png")
    let run = try folder.run("photos", "-o", "out", "--overwrite")
    #expect(run.status == 2)
    #expect(
      run.errors.contains("photos/a.png and photos/b.png would both be written to out/a.png"))
  }
}
