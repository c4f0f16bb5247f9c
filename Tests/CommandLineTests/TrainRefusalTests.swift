import Foundation
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// What `pastiche train` can't do is said before it begins, or once it shows, and leaves nothing half
/// done.
@Suite(.deadline(minutes: 5)) struct TrainRefusalTests {
  private func folder() throws -> TrainingFolder {
    let trained = try TrainingFolder()
    let folder = trained.folder
    try folder.picture("small.png", width: 63, height: 200)
    try folder.file("broken.png", Array(folder.bytes("painting.png").dropLast(900)))
    try folder.file("empty.png")
    try folder.directory("none")
    try folder.file("words/a.png", Array("words".utf8))
    try folder.file("there.safetensors", [1])
    try folder.picture("there.png")
    var network = TinyLossNetwork.file
    network.tensors["conv2_2.bias"] = StoredTensor(shape: [2], values: [0, 0])
    try network.write(to: folder.path.appending("shape.safetensors"), replacing: false)
    return trained
  }

  @Test(
    arguments: [
      (["--style", "small.png"], "small.png has 63×200 pixels; a side of 64 is the least"),
      (["--style", "broken.png"], "broken.png: damaged: "),
      (
        ["--content", "none"],
        "no pictures to take crops from; name PNG or JPEG files, or a directory that holds some, "
          + "with --content"
      ),
      (
        ["--content", "words"],
        "no crops, as the only picture can't be read: words/a.png: neither PNG nor JPEG"
      ),
      (
        ["--loss-network", "shape.safetensors"],
        "shape.safetensors: conv2_2.bias is 2, not 6; name another with --loss-network"
      ),
      (["--preview", "empty.png"], "empty.png: the file is empty; expected a PNG or JPEG picture"),
      (["-o", "there.safetensors"], "there.safetensors exists already; pass --overwrite"),
      (["-o", "nowhere/a.safetensors"], "can't create nowhere/a.safetensors: No such file or"),
      (
        ["--checkpoints", "there.png/a"], "can't make the directory there.png: Not a directory; ch"
      ),
      (
        ["-o", "painting.safetensors", "--preview", "photos", "--overwrite"],
        "the sheet painting.png is the input painting.png; inputs are never written to"
      ),
      (
        ["--html", "photos/1.png", "--overwrite"],
        "the page photos/1.png is the input photos/1.png; inputs are never written to"
      ),
    ]) func isRefused(_ arguments: [String], _ words: String) throws
  {
    let trained = try folder()
    let before = trained.folder.files(in: "")
    let bytes = try trained.folder.bytes("painting.png")
    let output = arguments.contains("-o") ? [] : ["-o", "a.safetensors"]
    let run = try trained.train(arguments + output)
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(run.errorLines.last?.hasPrefix("pastiche: ") == true)
    #expect(trained.folder.files(in: "") == before)
    #expect(!trained.folder.exists("a.training"))
    #expect(try trained.folder.bytes("painting.png") == bytes)
  }

  // MARK: A full disk

  @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
  func aCheckpointThatDoesNotFitEndsItAndLeavesTheOneBefore() throws {
    let disk = try #require(try SmallDisk("out", kilobytes: 36))
    let trained = try TrainingFolder(disk.folder)
    let run = try trained.train(
      "-o", "out/a.safetensors", "--iterations", "4", "--checkpoint-every", "1", "--keep", "9")
    #expect(run.status == 2)
    #expect(
      run.errors.hasSuffix(
        "pastiche: no space left on the disk for out/a.training/iteration-000003.safetensors; free "
          + "some and run again\n"))
    let files = disk.folder.files(in: "out")
    #expect(files == (1...2).map { "a.training/iteration-00000\($0).safetensors" })
    try disk.folder.remove("out/\(#require(files.first))")
    let rest = try trained.train(
      "-o", "out/a.safetensors", "--iterations", "4", "--checkpoint-every", "1", "--keep", "1",
      "--resume")
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(disk.folder.files(in: "out") == ["a.safetensors"])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
  func aStyleThatDoesNotFitIsNotLostWithItsCheckpoint() throws {
    let disk = try #require(try SmallDisk("out", kilobytes: 8))
    let folder = disk.folder
    let trained = try TrainingFolder(folder)
    try folder.file("out/a.txt", [UInt8](repeating: 1, count: 4096))
    try folder.file("out/b.txt", [UInt8](repeating: 1, count: 4096))
    let arguments = ["--checkpoints", "kept", "-o", "out/a.safetensors"]
    let run = try trained.train(arguments)
    #expect(run.status == 2)
    #expect(
      run.errors.hasSuffix(
        "pastiche: no space left on the disk for out/a.safetensors; free some and run again\n"))
    #expect(folder.files(in: "out") == ["a.txt", "b.txt"])
    try folder.remove("out/a.txt")
    try folder.remove("out/b.txt")
    let rest = try trained.train(arguments + ["--resume", "--log-format", "json"])
    #expect(rest.status == 0 && rest.iterations == [])
    #expect(folder.files(in: "out") == ["a.safetensors"])
  }
}
