import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// Streams that are closed, and devices that are full.
@Suite(.deadline(minutes: 5)) struct StreamTests {
  /// Words would else go into whatever file is opened next, a picture for one.
  @Test func closedStandardErrorHarmsNoPicture() throws {
    let folder = try Folder()
    for index in 1...8 { try folder.picture("photos/\(index).png", seed: index) }
    #expect(try folder.run("photos", "-o", "told").status == 0)
    let run = try folder.run(
      "photos", "missing.png", "-o", "untold", "--verbose", standardError: .closed)
    #expect(run.status == 1)
    for index in 1...8 {
      #expect(try folder.bytes("untold/\(index).png") == folder.bytes("told/\(index).png"))
    }
    #expect(folder.files(in: "untold").count == 8)
  }

  @Test func fullStandardErrorHarmsNoPicture() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let full = try FileDescriptor.open("/dev/full", .writeOnly)
    defer { try? full.close() }
    #expect(try folder.run("a.png", "-o", "b.png", standardError: .terminal(full)).status == 0)
    #expect(try folder.image("b.png").width == 12)
  }

  @Test(arguments: [
    ["models"], ["models", "--json"], ["benchmark", "--size", "8x8", "--rounds", "1", "--json"],
    ["a.png", "-o", "b.png", "--dry-run"],
  ]) func dataThatCannotBeWrittenIsAnError(_ arguments: [String]) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.start(
      arguments.map(Program.Argument.init(stringLiteral:)), standardOutput: "/dev/full"
    ).wait()
    #expect(run.status == 2)
    #expect(
      run.errorLines.last == "pastiche: can't write to standard output: No space left on device")
  }

  @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
  func aFullDiskIsToldAndLeavesNothingBehind() throws {
    let disk = try #require(try SmallDisk("out", kilobytes: 8))
    let folder = disk.folder
    try folder.picture("photos/a.png", width: 64, height: 64)
    try folder.picture("photos/b.png", width: 4, height: 4)
    try withExtendedLifetime(disk) {
      // One after the other: what the first takes for a while is there for the second again.
      let run = try folder.run("photos", "-o", "out", "--compression", "0", "-j", "1")
      #expect(run.status == 1)
      #expect(
        run.errors.contains("photos/a.png: failed: no space left on the disk for the output"))
      #expect(folder.files(in: "out") == ["b.png"])
      let style = try folder.run("calibrate", "photos", "-o", "out/big.safetensors")
      #expect(style.status == 2)
      #expect(style.errors.contains("no space left on the disk for out/big.safetensors"))
      #expect(folder.files(in: "out") == ["b.png"])
    }
  }
}
